//! Every page of every role, on a phone and on a desk, light and dark: scanner, our own checks, no
//! word of complaint from the browser, and the HTML kept for the validator.

use std::collections::BTreeSet;
use std::path::Path;

use super::browser::{Browser, Setting, is_available};
use super::inspection;
use super::journeys;
use super::program::Program;

const PUBLIC: [&str; 7] = [
    "/connexion",
    "/mot-de-passe-oublie",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
    "/plan-du-site",
    "/aide",
];

/// Pages to start from, by role; the links of their main part are followed one step.
const STARTS: [(&str, &[&str]); 4] = [
    (
        "staff",
        &[
            "/",
            "/territoires",
            "/territoires/200066124",
            "/territoires/200066124/vivier",
            "/entreprises",
            "/alertes",
            "/rencontres",
            "/rencontres/a-faire",
            "/ateliers",
            "/ateliers/nouveau",
            "/actions",
            "/indicateurs",
            "/imports",
            "/imports/nouveau",
            "/reglages/criteres",
            "/compte",
            "/compte/courriels",
            "/modele",
            "/recherche?q=granit",
            "/nulle-part",
        ],
    ),
    (
        "admin",
        &[
            "/",
            "/utilisateurs",
            "/utilisateurs/inviter",
            "/journal",
            "/reglages/courriels",
            "/reglages/taches",
            "/style",
        ],
    ),
    (
        "adviser",
        &[
            "/",
            "/territoires",
            "/entreprises",
            "/rencontres",
            "/ateliers",
            "/actions",
            "/indicateurs",
        ],
    ),
    (
        "elected",
        &["/territoires", "/territoires/200066124", "/indicateurs"],
    ),
];

/// Windows of the checks: 320 px is where nothing may scroll sideways (WCAG 1.4.10).
const WINDOWS: [((u32, u32), bool); 4] = [
    ((320, 568), false),
    ((375, 667), true),
    ((1280, 800), false),
    ((1280, 800), true),
];

#[tokio::test]
async fn every_page_is_clean_for_those_who_see_it() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    let mut faults = Vec::new();
    let visitor = Browser::open(&program, Setting::default()).await;
    for path in PUBLIC {
        inspect(&visitor, "visitor", path, &mut faults).await;
    }
    visitor.close().await;
    for (role, starts) in STARTS {
        let browser = Browser::open(&program, Setting::default()).await;
        browser.sign_in(&program, role).await;
        if role == "staff" {
            journeys::alarm(&browser, 0).await;
        }
        let mut starts: Vec<String> = starts.iter().map(|path| (*path).to_owned()).collect();
        if starts.iter().any(|path| path == "/ateliers") {
            starts.extend(workshops(&browser).await);
        }
        for path in one_step(&browser, &starts).await {
            inspect(&browser, role, &path, &mut faults).await;
        }
        browser.close().await;
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The workshops of the demonstration, the one that was held first: its pages have the most to show.
async fn workshops(browser: &Browser) -> Vec<String> {
    browser.visit("/ateliers").await;
    let mut paths = browser.links().await;
    paths.retain(|path| pattern(path) == "/ateliers/*");
    assert_eq!(paths.len(), 2, "{paths:?}");
    paths.reverse();
    paths
}

/// The starts and the pages that they link to, one page for each pattern of address.
async fn one_step(browser: &Browser, starts: &[String]) -> Vec<String> {
    let mut patterns = BTreeSet::new();
    let mut paths = Vec::new();
    for start in starts {
        if patterns.insert(pattern(start)) {
            paths.push(start.clone());
        }
    }
    for start in starts {
        browser.visit(start).await;
        for path in browser.links().await {
            let files = ["/export.", "/modele.", "/rejets", ".pdf", ".xlsx", ".odp"];
            let is_file = files.iter().any(|part| path.contains(part));
            if !is_file && patterns.insert(pattern(&path)) {
                paths.push(path);
            }
        }
    }
    paths
}

/// The address without its numbers and its query.
fn pattern(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_key =
        |part: &str| part.len() >= 9 && part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if is_key(part) { "*" } else { part })
        .collect();
    parts.join("/")
}

async fn inspect(browser: &Browser, role: &str, path: &str, faults: &mut Vec<String>) {
    for (size, dark) in WINDOWS {
        browser.resize(size).await;
        browser.prefer(dark).await;
        browser.visit(path).await;
        for fault in inspection::faults(browser).await {
            // The browser notes the status of an error page; the page itself is what is checked.
            if fault.contains("/nulle-part") && fault.contains("status of 404") {
                continue;
            }
            faults.push(format!("{role} {path} {}×{} : {fault}", size.0, size.1));
        }
    }
    keep(browser, role, path).await;
}

/// Keeps the page as the server sent it, for `.ci/html`.
async fn keep(browser: &Browser, role: &str, path: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).expect("a folder");
    let name: String = pattern(path)
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let html = browser.fetch(path).await;
    std::fs::write(folder.join(format!("{role}{name}.html")), html).expect("a page");
}
