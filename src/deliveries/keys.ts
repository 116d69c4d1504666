/** The primary key of a target. */
export interface TargetKey {
  account_id: number
  target_id: number
}

/** The primary key of a delivery; `position` is that of its event in the account's log. */
export interface DeliveryKey extends TargetKey {
  position: number
}
