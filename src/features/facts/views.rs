//! Pages of facts and of typed accounts.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use super::checks;
use super::form::{self, AccountsForm, RemoveForm};
use super::lines::{Regime, label};
use super::queries::FactRow;
use super::sentence::{self, Freshness};
use crate::features::companies::model::shown_name;
use crate::features::companies::queries::identity::CompanyName;
use crate::features::imports::typed::{TYPED, TypedAccounts};
use crate::formats::annual_accounts::{AccountsRow, Line};
use crate::web::Visit;
use crate::web::filters;
use crate::web::filters::{UNKNOWN, group_thousands};
use crate::web::forms::FormErrors;
use crate::web::pager::Page;
use crate::web::shell::Shell;

/// Kinds of the list: value in the address, words.
pub const KINDS: [(&str, &str, &str); 5] = [
    ("", "", "Tout"),
    ("annonces", "notice", "Annonces légales"),
    ("comptes", "accounts", "Comptes annuels"),
    ("ratios", "ratios", "Ratios publics"),
    ("effectifs", "headcounts", "Effectifs"),
];

/// The facts of a company.
#[derive(Template, WebTemplate)]
#[template(path = "facts/index.html")]
pub struct FactsPage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company.
    pub company: String,
    /// What each source last said.
    pub sources: Vec<Freshness>,
    /// Kind that is shown; empty for all.
    pub chosen: String,
    /// The facts, the newest first.
    pub rows: Vec<FactRow>,
    /// Which of them.
    pub page: Page,
    /// Whether the person can type accounts.
    pub may_type: bool,
}

impl FactsPage {
    /// Where accounts are typed.
    fn type_href(&self) -> String {
        format!("/entreprises/{}/comptes/nouveau", self.siren)
    }

    /// Address of the list narrowed to a kind.
    fn href(&self, code: &str) -> String {
        match code {
            "" => format!("/entreprises/{}/faits", self.siren),
            code => format!("/entreprises/{}/faits?nature={code}", self.siren),
        }
    }

    /// Where typed accounts are corrected.
    fn edit_href(&self, row: &FactRow) -> Option<String> {
        let (regime, closing) = self.typed(row)?;
        Some(format!(
            "/entreprises/{}/comptes/nouveau?regime={}&cloture={closing}",
            self.siren,
            regime.code()
        ))
    }

    /// Where typed accounts are removed.
    fn remove_href(&self, row: &FactRow) -> Option<String> {
        let (regime, closing) = self.typed(row)?;
        Some(remove_href(&self.siren, regime, closing))
    }

    /// Regime and closing date of accounts that the person may change.
    fn typed<'r>(&self, row: &'r FactRow) -> Option<(Regime, &'r str)> {
        if !self.may_type || row.kind != "accounts" {
            return None;
        }
        let (closing, letter) = row
            .key
            .strip_suffix(TYPED)?
            .split_once('/')?
            .1
            .split_once('/')?;
        let regime = if letter == "S" {
            Regime::Simplified
        } else {
            Regime::Complete
        };
        Some((regime, closing))
    }
}

fn remove_href(siren: &str, regime: Regime, closing: impl std::fmt::Display) -> String {
    let regime = regime.code();
    format!("/entreprises/{siren}/comptes/{regime}/{closing}/supprimer")
}

impl FactRow {
    /// What it says.
    fn sentence(&self) -> String {
        sentence::of(self)
    }

    /// The numbers of a series before the last one.
    fn earlier(&self) -> Vec<String> {
        sentence::earlier(self)
    }

    /// What kind it is of.
    fn kind_label(&self) -> &'static str {
        sentence::kind(&self.kind)
    }

    /// What brought it here.
    fn origin(&self) -> String {
        match (&self.import_label, &self.author) {
            (Some(label), _) => format!("import «\u{a0}{label}\u{a0}»"),
            (None, Some(author)) => format!("saisi par {author}"),
            (None, None) => UNKNOWN.to_owned(),
        }
    }

    /// What does not fit together in typed accounts.
    fn doubts(&self) -> Vec<String> {
        if !self.key.ends_with(TYPED) {
            return Vec::new();
        }
        let content = self.content.clone().unwrap_or_default();
        serde_json::from_value::<AccountsRow>(content)
            .map(|accounts| checks::doubts(&accounts))
            .unwrap_or_default()
    }
}

/// One line to type.
pub struct TypedLine {
    /// Code of the form.
    pub code: &'static str,
    /// What it holds.
    pub label: &'static str,
    /// Field of the year.
    pub current: String,
    /// Field of the year before.
    pub previous: String,
}

/// A line that somebody else typed otherwise.
pub struct Difference {
    /// What it holds, with its code.
    pub label: String,
    /// What is kept for the year.
    pub current: String,
    /// What is kept for the year before.
    pub previous: String,
}

/// What somebody else typed meanwhile.
pub struct Theirs {
    /// Who.
    pub source: String,
    /// When.
    pub on: NaiveDate,
    /// Length of the exercise.
    pub months: Option<u32>,
    /// Lines that are not the same.
    pub differences: Vec<Difference>,
}

/// The form of accounts.
#[derive(Template, WebTemplate)]
#[template(path = "facts/accounts.html")]
pub struct AccountsPage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company.
    pub company: String,
    /// The tax return that is typed.
    pub regime: Regime,
    /// What was typed.
    pub form: AccountsForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What does not fit together.
    pub doubts: Vec<String>,
    /// What somebody else typed.
    pub theirs: Option<Theirs>,
}

impl AccountsPage {
    /// The form for this company.
    pub fn new(visit: &Visit, company: &CompanyName, form: AccountsForm) -> Self {
        let name = shown_name(company.name.as_deref());
        let title = if form.is_correction() {
            "Corriger des comptes"
        } else {
            "Saisir des comptes"
        };
        Self {
            shell: shell(visit, &company.siren, name)
                .titled(title)
                .via(
                    "Comptes et annonces",
                    format!("/entreprises/{}/faits", company.siren),
                )
                .at(title),
            siren: company.siren.clone(),
            company: name.to_owned(),
            regime: form.regime(),
            form,
            errors: FormErrors::default(),
            doubts: Vec::new(),
            theirs: None,
        }
    }

    /// Where the accounts that are corrected are removed.
    fn remove_href(&self) -> Option<String> {
        let closing = self
            .form
            .closed_on()
            .filter(|_| self.form.is_correction())?;
        Some(remove_href(&self.siren, self.regime, closing))
    }

    /// Headings with their lines.
    fn sections(&self) -> Vec<(usize, &'static str, Vec<TypedLine>)> {
        let line = |code: &&'static str| TypedLine {
            code,
            label: label(code),
            current: form::current(code),
            previous: form::previous(code),
        };
        let sections = self.regime.sections().into_iter().enumerate();
        sections
            .map(|(rank, section)| {
                (
                    rank,
                    section.title,
                    section.codes.iter().map(line).collect(),
                )
            })
            .collect()
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what somebody else typed; sending it again overwrites that.
    pub fn overtaken(mut self, mine: &AccountsRow, theirs: TypedAccounts) -> Response {
        self.form.set("version", &theirs.version);
        self.theirs = Some(Theirs {
            differences: differences(mine, &theirs.content),
            months: theirs.content.months,
            source: theirs.source,
            on: theirs.source_date,
        });
        let mut errors = FormErrors::new();
        errors.add_general(
            "Les comptes de cet exercice sont déjà saisis, ou viennent d’être modifiés. Rien n’est \
             perdu\u{a0}: comparez ci-dessous, puis enregistrez votre version.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }
}

fn differences(mine: &AccountsRow, theirs: &AccountsRow) -> Vec<Difference> {
    let shown = |amount: Option<i64>| amount.map_or_else(|| "vide".to_owned(), group_thousands);
    let line = |accounts: &AccountsRow, code: &str| -> Line {
        accounts.lines.get(code).copied().unwrap_or_default()
    };
    Regime::of(theirs.kind)
        .codes()
        .filter(|code| line(mine, code) != line(theirs, code))
        .map(|code| {
            let kept = line(theirs, code);
            Difference {
                label: format!("{} ({code})", label(code)),
                current: shown(kept.n),
                previous: shown(kept.previous),
            }
        })
        .collect()
}

/// The page that removes typed accounts.
#[derive(Template, WebTemplate)]
#[template(path = "facts/remove.html")]
pub struct RemovePage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company.
    pub company: String,
    /// The tax return that was typed.
    pub regime: Regime,
    /// The accounts.
    pub accounts: TypedAccounts,
    /// What was typed.
    pub form: RemoveForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl RemovePage {
    /// The question about these accounts.
    pub fn new(
        visit: &Visit,
        company: &CompanyName,
        regime: Regime,
        accounts: TypedAccounts,
        form: RemoveForm,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let title = "Supprimer des comptes saisis";
        Self {
            shell: shell(visit, &company.siren, name)
                .titled(title)
                .via(
                    "Comptes et annonces",
                    format!("/entreprises/{}/faits", company.siren),
                )
                .at(title),
            siren: company.siren.clone(),
            company: name.to_owned(),
            regime,
            accounts,
            form,
            errors: FormErrors::default(),
        }
    }

    /// Where it is sent.
    fn href(&self) -> String {
        remove_href(&self.siren, self.regime, self.accounts.content.closed_on)
    }

    /// What the accounts say.
    fn sentence(&self) -> String {
        sentence::accounts(&self.accounts.content)
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The question again, since the accounts changed meanwhile.
    pub fn overtaken(self) -> Response {
        let mut errors = FormErrors::new();
        errors.add_general(
            "Ces comptes viennent d’être modifiés. Relisez-les, puis confirmez si vous voulez toujours les supprimer.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// The path to a company.
pub fn shell(visit: &Visit, siren: &str, company: &str) -> Shell {
    visit
        .shell("")
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(company, format!("/entreprises/{siren}"))
}
