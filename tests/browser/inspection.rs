//! What every page must pass, beyond what scanners see (experience.md 5.2).

use serde_json::Value;

use super::browser::Browser;

const AXE: &str = include_str!("vendor/axe-core-4.14.1/axe.min.js");

/// Faults of the page that is shown, in words; empty when it is clean.
pub async fn faults(browser: &Browser) -> Vec<String> {
    let mut faults = scanner(browser).await;
    faults.extend(own_checks(browser).await);
    faults.extend(
        browser
            .complaints()
            .await
            .into_iter()
            .map(|text| format!("console: {text}")),
    );
    faults
}

async fn scanner(browser: &Browser) -> Vec<String> {
    let driver = &browser.driver;
    driver
        .execute(format!("{AXE};window.axe = axe;"), Vec::new())
        .await
        .expect("the scanner loads");
    let script = "
        const done = arguments[0];
        axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
           .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))))
           .catch(e => done(['axe failed: ' + e]));";
    let found = driver
        .execute_async(script, Vec::new())
        .await
        .expect("the scanner runs");
    found.convert::<Vec<String>>().expect("a list")
}

/// Title, headings, tables, links, words, overflow: what the scanners miss.
const OWN: &str = r"
const faults = [];
const text = e => (e.innerText || '').trim();
const all = s => [...document.querySelectorAll(s)];
if (all('h1').length !== 1) faults.push('h1: ' + all('h1').length);
if (!document.title.endsWith(' – Vigie')) faults.push('title: ' + document.title);
if (document.documentElement.lang !== 'fr') faults.push('lang');
if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
  faults.push('sideways scroll: ' + document.documentElement.scrollWidth + ' > ' + document.documentElement.clientWidth);
let depth = 0;
// The summary of errors stands above the h1 on purpose: it is read first.
for (const h of all('h1,h2,h3,h4,h5,h6').filter(h => !h.closest('.resume'))) {
  const d = +h.tagName[1];
  if (d > depth + 1) faults.push('heading jump before « ' + text(h) + ' »');
  depth = d;
}
for (const t of all('main table')) {
  if (!t.caption) faults.push('table without caption');
  for (const r of t.tBodies.length ? t.tBodies[0].rows : [])
    if (!r.querySelector('th[scope=row]')) { faults.push('table row without th: ' + text(r).slice(0, 40)); break; }
}
for (const a of all('main a')) {
  const words = (a.getAttribute('aria-label') || a.textContent || '').trim();
  if (/^(voir|modifier|supprimer|ici|en savoir plus|cliquez ici)$/i.test(words)) faults.push('vague link « ' + words + ' »');
}
for (const i of all('main input:not([type=hidden]), main select, main textarea'))
  if (!i.getAttribute('aria-label') && (!i.labels || !i.labels.length)) faults.push('field without label: ' + i.name);
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (node.parentElement.closest('script, style, pre, code, textarea')) continue;
  const s = node.textContent;
  if (/\b(None|null|undefined|NaN|Some\()/.test(s)) faults.push('leaked value: ' + s.trim().slice(0, 60));
  if (/\b\d{4}-\d{2}-\d{2}\b/.test(s)) faults.push('ISO date: ' + s.trim().slice(0, 60));
  if (/[A-Za-zÀ-ÿ0-9)»] [;!?](\s|$)/.test(s) || /[A-Za-zÀ-ÿ0-9)»] :(\s|$)/.test(s)) faults.push('plain space before punctuation: ' + s.trim().slice(0, 60));
  if (/« | »/.test(s)) faults.push('plain space inside quotes: ' + s.trim().slice(0, 60));
}
const first = document.querySelector('a[href]');
if (!first || !first.getAttribute('href').startsWith('#')) faults.push('no skip link first');
return faults;";

async fn own_checks(browser: &Browser) -> Vec<String> {
    let found = browser
        .driver
        .execute(OWN, Vec::new())
        .await
        .expect("our checks run");
    let found: Value = found.json().clone();
    let list = found.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|fault| fault.as_str().unwrap_or_default().to_owned())
        .collect()
}
