const unusedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
]

/** The `Permissions-Policy` of our pages: they use none of these features, nor may a script that got into one. */
export const permissionsPolicy = unusedFeatures.map((feature) => `${feature}=()`).join(', ')

/** Part of a `Content-Security-Policy`: browsers that know Trusted Types refuse to make markup or scripts from a text. */
export const requireTrustedTypes = "require-trusted-types-for 'script'"

/** The same, without any exception. */
export const trustedTypes = [requireTrustedTypes, "trusted-types 'none'"]
