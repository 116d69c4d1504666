/** Domains at which anybody gets an address, so that people of one domain do not work together. */
const domains = new Set(
  `126.com 139.com 163.com aim.com aliyun.com aol.com arcor.de att.net bellsouth.net bigpond.com bk.ru bluewin.ch
  bol.com.br btinternet.com btopenworld.com charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com
  fastmail.com fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net
  googlemail.com hanmail.net hey.com hotmail.be hotmail.co.uk hotmail.com hotmail.com.br hotmail.de hotmail.es hotmail.fr
  hotmail.it hushmail.com icloud.com ig.com.br inbox.ru juno.com kolabnow.com laposte.net libero.it list.ru live.ca
  live.co.uk live.com live.de live.fr live.nl mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com
  neuf.fr ntlworld.com o2.pl online.de onet.pl optonline.net orange.fr outlook.com outlook.com.br outlook.de outlook.es
  outlook.fr outlook.it pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
  rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com sohu.com sympatico.ca
  t-online.de talktalk.co.uk telenet.be telus.net terra.com.br tiscali.it tuta.com tutanota.com tutanota.de ukr.net
  uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl ya.ru yahoo.ca yahoo.co.id yahoo.co.in
  yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr
  yahoo.in yahoo.it yandex.com yandex.ru yeah.net ymail.com ziggo.nl zoho.com`.split(/\s+/),
)

/** Whether a domain, in lower case, is that of a public mail provider. */
export function isMailProvider(domain: string): boolean {
  return domains.has(domain)
}
