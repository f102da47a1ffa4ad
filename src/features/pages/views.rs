//! Accessibility, legal notice, personal data, site map and help.

use askama::Template;
use chrono::NaiveDate;

use crate::web::filters;
use crate::web::shell::{Conformity, Shell};

/// What the legal pages state about the council that runs this installation. A missing value is shown as missing.
#[derive(Debug, Clone, Default)]
pub struct LegalSettings {
    /// Name of the council: « Département du Tarn ».
    pub organisation: String,
    /// Seat of the council.
    pub address: Option<String>,
    /// Telephone of the council, digits only.
    pub phone: Option<String>,
    /// Electronic address that answers questions and accessibility complaints.
    pub contact: Option<String>,
    /// Person legally responsible for what is published.
    pub publication_director: Option<String>,
    /// Name of the host.
    pub host_name: Option<String>,
    /// Address of the host.
    pub host_address: Option<String>,
    /// Telephone of the host, digits only.
    pub host_phone: Option<String>,
    /// How to reach the data protection officer.
    pub dpo: Option<String>,
    /// Declared state; anything but the default needs a valid audit.
    pub accessibility: Conformity,
    /// Date of the declaration.
    pub declared_on: Option<NaiveDate>,
    /// Who audited and what rate was found, once an audit exists.
    pub audit: Option<Audit>,
    /// Address of the multi-year accessibility scheme and of the year's action plan.
    pub scheme_url: Option<String>,
    /// Months after which an account that is no longer used is closed.
    pub retention_months: Option<u16>,
}

/// Result of an accessibility audit.
#[derive(Debug, Clone)]
pub struct Audit {
    /// Who did it.
    pub by: String,
    /// Share of criteria met, 0 to 1.
    pub rate: f64,
    /// What was found not to conform, one item per entry.
    pub faults: Vec<String>,
}

/// `/accessibilite`, in the format imposed by the RGAA.
#[derive(Debug, Template)]
#[template(path = "pages/accessibilite.html")]
pub struct AccessibilityPage {
    /// Frame.
    pub shell: Shell,
    /// What the council states.
    pub legal: LegalSettings,
}

/// `/mentions-legales`.
#[derive(Debug, Template)]
#[template(path = "pages/mentions-legales.html")]
pub struct LegalPage {
    /// Frame.
    pub shell: Shell,
    /// What the council states.
    pub legal: LegalSettings,
}

/// `/donnees-personnelles`.
#[derive(Debug, Template)]
#[template(path = "pages/donnees-personnelles.html")]
pub struct PrivacyPage {
    /// Frame.
    pub shell: Shell,
    /// What the council states.
    pub legal: LegalSettings,
}

/// `/aide`.
#[derive(Debug, Template)]
#[template(path = "pages/aide.html")]
pub struct HelpPage {
    /// Frame.
    pub shell: Shell,
    /// Who to write to.
    pub legal: LegalSettings,
    /// « Que voulez-vous faire ? »: only what this user may do and this version offers.
    pub verbs: Vec<HelpVerb>,
    /// Whether the pages of those who are signed in can be opened.
    pub is_signed_in: bool,
}

/// `/aide/{verbe}`.
#[derive(Debug, Template)]
#[template(path = "pages/verbe.html")]
pub struct HelpVerbPage {
    /// Frame.
    pub shell: Shell,
    /// The verb, with its recipes.
    pub verb: HelpVerb,
    /// The others.
    pub others: Vec<HelpVerb>,
}

/// One page of the help.
#[derive(Debug, Clone)]
pub struct HelpVerb {
    /// Word of the address.
    pub slug: &'static str,
    /// The verb.
    pub title: &'static str,
    /// What the page is for.
    pub about: &'static str,
    /// Its recipes.
    pub tasks: Vec<HelpTask>,
}

/// One recipe of a page of the help.
#[derive(Debug, Clone)]
pub struct HelpTask {
    /// Anchor of the recipe: letters and hyphens.
    pub anchor: String,
    /// A verb and its object: « Importer des entreprises ».
    pub title: String,
    /// Steps in order, one sentence each.
    pub steps: Vec<String>,
    /// Where to start.
    pub href: Option<String>,
}

/// `/plan-du-site`.
#[derive(Debug, Template)]
#[template(path = "pages/plan-du-site.html")]
pub struct SiteMapPage {
    /// Frame.
    pub shell: Shell,
    /// Pages by heading; only those that this user may open.
    pub sections: Vec<SiteSection>,
}

/// One heading of the site map.
#[derive(Debug, Clone)]
pub struct SiteSection {
    /// Words of the heading.
    pub title: String,
    /// Words and address of each page.
    pub links: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(title: &str) -> Shell {
        Shell::bare("Département du Tarn", title)
    }

    #[test]
    fn without_an_audit_the_declaration_says_not_conforming() {
        let legal = LegalSettings {
            organisation: "Département du Tarn".into(),
            ..LegalSettings::default()
        };
        let page = AccessibilityPage {
            shell: shell("Accessibilité"),
            legal,
        };
        let html = page.render().expect("renders");
        assert!(html.contains("<strong>non conforme</strong>"));
        assert!(html.contains("Aucun audit de conformité"));
        assert!(html.contains("Libre réponse 71120"));
    }

    #[test]
    fn what_the_council_did_not_give_is_shown_as_missing() {
        let legal = LegalSettings {
            organisation: "Département du Tarn".into(),
            ..LegalSettings::default()
        };
        let html = LegalPage {
            shell: shell("Mentions légales"),
            legal,
        }
        .render()
        .expect("renders");
        assert!(html.matches(filters::UNKNOWN).count() >= 5);
        assert!(!html.contains("None"));
    }
}
