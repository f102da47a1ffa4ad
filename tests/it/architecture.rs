//! The house's rules, read from its sources. `docs/ARCHITECTURE.md` gives their reasons.

use std::fs;
use std::path::{Path, PathBuf};

/// Floors from the ground up; an import only goes down.
const FLOORS: [&[&str]; 7] = [
    &["domain", "scoring", "formats"],
    &["platform"],
    &["auth"],
    &["web"],
    &["features"],
    &["app"],
    &["cli"],
];

/// Features in their order; each imports only those before it.
const FEATURES: &[&str] = &[
    "pages",
    "territories",
    "organisations",
    "accounts",
    "mails",
    "companies",
    "contacts",
    "documents",
    "supply",
    "key_companies",
    "workshops",
    "social",
    "imports",
    "facts",
    "signals",
    // What is heard in a meeting becomes a signal, what is needed an action.
    "meetings",
    "plans",
    "matching",
    "groups",
    "risk",
    "alerts",
    "sheets",
    "model_card",
    "indicators",
    "search",
    "notifications",
    "api",
    "home",
    "demo",
    "style",
];

/// Which room may write a table. Any query may read any table.
const OWNERS: &[(&str, &[&str])] = &[
    (
        "auth",
        &[
            "users",
            "user_territories",
            "sessions",
            "one_time_links",
            "sign_in_attempts",
            "audit_events",
        ],
    ),
    (
        "platform",
        &["jobs", "submissions", "mails", "mail_attachments"],
    ),
    (
        "features/territories",
        &[
            "reference_sources",
            "territories",
            "municipalities",
            "former_municipalities",
            "territory_memberships",
            "territory_contours",
            "contour_frames",
            "naf_codes",
            "headcount_bands",
            "legal_categories",
        ],
    ),
    // The reader of files writes the companies that it reads; nobody else does.
    (
        "features/imports",
        &[
            "imports",
            "companies",
            "establishments",
            "headcounts",
            "staged_companies",
            "staged_establishments",
            "staged_headcounts",
            "facts",
            "removed_accounts",
            "staged_facts",
            "import_rejections",
            "import_rejected_lines",
            "import_changes",
            "import_progress",
        ],
    ),
    (
        "features/social",
        &["social_data_activations", "social_data_readers"],
    ),
    (
        "features/organisations",
        &[
            "organisations",
            "organisation_skills",
            "organisation_territories",
            "partner_people",
        ],
    ),
    ("features/contacts", &["contacts"]),
    ("features/supply", &["supply_links"]),
    (
        "features/workshops",
        &[
            "workshops",
            "workshop_companies",
            "workshop_guests",
            "workshop_links",
            "workshop_entries",
            "workshop_decisions",
            "workshop_minutes",
            "workshop_minutes_recipients",
            "workshop_answers",
        ],
    ),
    ("features/signals", &["signals", "risk_overrides"]),
    ("features/groups", &["company_groups", "group_members"]),
    (
        "features/meetings",
        &[
            "meetings",
            "meeting_dossiers",
            "meeting_people",
            "meeting_invitations",
            "meeting_signals",
            "meeting_answers",
            "company_needs",
            "next_steps",
            "diagnoses",
        ],
    ),
    (
        "features/plans",
        &[
            "action_plans",
            "actions",
            "action_funders",
            "action_notes",
            "action_steps",
            "action_documents",
            "action_document_contents",
            "action_document_objects",
        ],
    ),
    (
        "features/matching",
        &[
            "matching_themes",
            "matching_entries",
            "introductions",
            "introduction_events",
        ],
    ),
    (
        "features/risk",
        &[
            "risk_assessments",
            "company_risks",
            "risk_comparisons",
            "rescore_requests",
            "scored_days",
        ],
    ),
    (
        "features/alerts",
        &[
            "alerts",
            "alert_causes",
            "alert_events",
            "assessment_feedback",
        ],
    ),
    (
        "features/notifications",
        &[
            "notification_choices",
            "notification_deliveries",
            "calendar_feeds",
        ],
    ),
    (
        "features/indicators",
        &[
            "indicator_changes",
            "indicator_settings",
            "indicator_comments",
            "indicator_snapshots",
        ],
    ),
    (
        "features/key_companies",
        &[
            "key_companies",
            "key_company_events",
            "impact_weights",
            "impact_facts",
        ],
    ),
];

struct Source {
    path: String,
    text: String,
}

/// Every file below a folder of the project, with its path from there.
fn sources(folder: &str, extension: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                let text = fs::read_to_string(&path).expect("a text");
                let path = path.strip_prefix(&root).expect("below the root");
                found.push(Source {
                    path: path.to_string_lossy().into_owned(),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The part of a file that is not its inline tests.
fn product(source: &Source) -> &str {
    if source.path.ends_with("tests.rs") || source.path.contains("/tests/") {
        return "";
    }
    source
        .text
        .split("\n#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default()
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// First segments after `crate::` in the code, with the second one for features.
fn imports(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let mut words = rest.split("::").map(|word| {
            word.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        });
        let first = words.next().unwrap_or_default();
        let second = words.next().unwrap_or_default();
        found.push((first, second));
    }
    found
}

#[test]
fn imports_go_down_the_floors_and_leftwards_among_features() {
    let mut faults = Vec::new();
    for source in sources("src", "rs") {
        let mut parts = source.path.split('/');
        let room = parts
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs")
            .to_owned();
        if room == "lib" || room == "main" {
            continue;
        }
        let own_floor = floor_of(&room).unwrap_or_else(|| panic!("{} is on no floor", source.path));
        let own_feature = parts
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs")
            .to_owned();
        for (module, inner) in imports(product(&source)) {
            let Some(floor) = floor_of(&module) else {
                continue;
            };
            if floor > own_floor {
                faults.push(format!("{}: crate::{module} is upstairs", source.path));
            }
            if room == "features" && module == "features" && own_feature != "mod" {
                let place = |name: &str| {
                    FEATURES
                        .iter()
                        .position(|f| *f == name)
                        .unwrap_or_else(|| panic!("feature {name} has no place in the order"))
                };
                if place(&inner) > place(&own_feature) {
                    faults.push(format!(
                        "{}: feature {inner} comes after {own_feature}",
                        source.path
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Tables that a text writes: `insert into t`, `update t set`, `delete from t`, `copy t`.
fn written_tables(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for verb in [
        "insert into ",
        "delete from ",
        "update ",
        "copy ",
        "truncate ",
    ] {
        for (at, _) in lower.match_indices(verb) {
            let before = lower[..at].chars().next_back();
            if before.is_some_and(char::is_alphanumeric) {
                continue;
            }
            let name: String = lower[at + verb.len()..]
                .trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.push(name);
        }
    }
    found
}

#[test]
fn only_its_owner_writes_a_table() {
    let mut faults = Vec::new();
    for source in sources("src", "rs") {
        for table in written_tables(product(&source)) {
            let owner = OWNERS
                .iter()
                .find(|(_, tables)| tables.contains(&table.as_str()));
            if let Some((room, _)) = owner
                && !source.path.starts_with(room)
            {
                faults.push(format!(
                    "{} writes {table}, which belongs to {room}",
                    source.path
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_table_has_one_owner() {
    let created: Vec<String> = sources("migrations", "sql")
        .iter()
        .flat_map(|source| {
            let lower = source.text.to_lowercase();
            lower
                .match_indices("create table ")
                .chain(lower.match_indices("create unlogged table "))
                .map(|(at, verb)| {
                    let rest = lower[at + verb.len()..].trim_start_matches("if not exists ");
                    rest.chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .collect()
                })
                .collect::<Vec<String>>()
        })
        .collect();
    assert!(created.len() > 20, "the migrations were not found");
    for table in created {
        let owners = OWNERS
            .iter()
            .filter(|(_, tables)| tables.contains(&table.as_str()))
            .count();
        assert_eq!(owners, 1, "table {table}");
    }
}

#[test]
fn pages_and_commands_hold_no_sql() {
    for source in sources("src", "rs") {
        if source.path.starts_with("web/") || source.path.starts_with("cli/") {
            let text = product(&source);
            for macro_name in [
                "query!(",
                "query_as!(",
                "query_scalar!(",
                "sqlx::query(",
                "sqlx::query_as",
            ] {
                assert!(!text.contains(macro_name), "{} holds SQL", source.path);
            }
        }
    }
}

#[test]
fn time_is_read_in_one_place() {
    for source in sources("src", "rs") {
        let is_clock = source.path == "platform/clock.rs";
        assert!(
            is_clock || !product(&source).contains("Utc::now"),
            "{}",
            source.path
        );
    }
}

#[test]
fn a_template_is_used_only_by_its_own_feature() {
    for source in sources("src", "rs") {
        for (at, marker) in source.text.match_indices("#[template(path = \"") {
            let path: String = source.text[at + marker.len()..]
                .chars()
                .take_while(|c| *c != '"')
                .collect();
            let folder = path.split('/').next().unwrap_or_default();
            let feature = source
                .path
                .strip_prefix("features/")
                .and_then(|p| p.split('/').next());
            match feature {
                Some(feature) => assert_eq!(folder, feature, "{} uses {path}", source.path),
                // The sign-in page is shown at the door of every route.
                None => assert!(
                    !path.contains('/') || path == "accounts/sign_in.html" || folder == "_parts",
                    "{} uses {path}",
                    source.path
                ),
            }
        }
    }
}

#[test]
fn templates_hold_nothing_inline_and_nothing_unescaped() {
    for source in sources("templates", "html") {
        // Mail software keeps nothing but inline style. The letter of every mail is no page: it leaves
        // by SMTP, and no policy of ours reaches it. All else is forbidden there too.
        let is_letter = source.path == "_parts/letter.html";
        for forbidden in [
            " style=\"",
            " onclick=",
            " onchange=",
            " onsubmit=",
            "<style",
            "<script>",
            "|safe",
        ] {
            let is_meant = is_letter && forbidden == " style=\"";
            assert!(
                is_meant || !source.text.contains(forbidden),
                "{} holds {forbidden}",
                source.path
            );
        }
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    for source in sources("src", "rs") {
        let lines = product(&source).lines().count();
        assert!(lines <= 500, "{} has {lines} lines", source.path);
    }
}
