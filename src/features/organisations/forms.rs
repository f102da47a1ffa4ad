//! Forms of organisations and of their people.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::acts::NewOrganisation;
use super::people::{NewPerson, Person};
use super::queries::{Filters, Organisation};
use crate::domain::reach;
use crate::domain::text::one_line;
use crate::domain::{Dossier, OrganisationKind, Siren};
use crate::web::Error;
use crate::web::forms::FormErrors;

/// Path of the list.
pub const LIST: &str = "/organismes";
const LONGEST_NAME: usize = 120;
const LONGEST_LINE: usize = 254;
const LONGEST_NOTE: usize = 2000;
const MOST_THEMES: usize = 12;
const LONGEST_THEME: usize = 60;

/// Refuses a text that is too long for what shows it.
pub fn refuse_long(errors: &mut FormErrors, field: &str, text: &str, longest: usize) {
    let length = text.chars().count();
    if length > longest {
        errors.add(
            field,
            format!("Raccourcissez ce texte\u{a0}: {length} caractères, {longest} au plus."),
        );
    }
}

/// A mail address, perhaps empty.
pub fn email(errors: &mut FormErrors, field: &str, typed: &str) -> String {
    let email = typed.trim().to_owned();
    if !email.is_empty() && (!reach::is_email(&email) || email.chars().count() > LONGEST_LINE) {
        errors.add(
            field,
            "Écrivez l’adresse entière, par exemple c.martin@exemple.fr.",
        );
    }
    email
}

/// A telephone number, perhaps empty.
pub fn phone(errors: &mut FormErrors, field: &str, typed: &str) -> String {
    let phone = reach::phone(typed).unwrap_or_default();
    if phone.is_empty() && !typed.trim().is_empty() {
        errors.add(
            field,
            "Écrivez les 10\u{a0}chiffres, par exemple 05\u{a0}63\u{a0}00\u{a0}00\u{a0}00, \
             ou un numéro étranger commençant par +.",
        );
    }
    phone
}

/// A past day, perhaps none.
pub fn past_day(
    errors: &mut FormErrors,
    field: &str,
    typed: &str,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let typed = typed.trim();
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y"))
        .ok();
    let known = day.filter(|day| (1950..).contains(&chrono::Datelike::year(day)));
    if !typed.is_empty() && known.is_none_or(|day| day > today) {
        errors.add(
            field,
            "Écrivez une date passée, par exemple 24/11/2026, ou laissez vide.",
        );
        return None;
    }
    known
}

/// An organisation as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrganisationForm {
    /// Name.
    pub nom: String,
    /// Code of the kind.
    pub nature: String,
    /// Number in the register.
    pub siren: String,
    /// Codes of the dossiers.
    pub dossiers: Vec<String>,
    /// Themes of each dossier, separated by commas.
    pub theme_land: String,
    /// The same.
    pub theme_accessibility: String,
    /// The same.
    pub theme_environment: String,
    /// The same.
    pub theme_training: String,
    /// The same.
    pub theme_research: String,
    /// `oui` when it works everywhere.
    pub partout: String,
    /// SIREN of its territories.
    pub territoires: Vec<String>,
    /// Mail address.
    pub courriel: String,
    /// Telephone number.
    pub telephone: String,
    /// Address of its site.
    pub site: String,
    /// What the council notes.
    pub note: String,
    /// `oui` to add a namesake.
    pub homonyme: String,
    /// Version of the record that the form was filled from.
    pub version: String,
}

impl OrganisationForm {
    /// The form of a known organisation; the note only for those who read it.
    pub fn of(known: &Organisation, may_note: bool) -> Self {
        let themes = |dossier: Dossier| {
            known
                .skills()
                .filter(|(code, theme)| *code == dossier.code() && !theme.is_empty())
                .map(|(_, theme)| theme)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut dossiers = known.skill_dossiers.clone();
        dossiers.dedup();
        Self {
            nom: known.name.clone(),
            nature: known.kind.clone(),
            siren: known.siren.clone().unwrap_or_default(),
            dossiers,
            theme_land: themes(Dossier::Land),
            theme_accessibility: themes(Dossier::Accessibility),
            theme_environment: themes(Dossier::Environment),
            theme_training: themes(Dossier::Training),
            theme_research: themes(Dossier::Research),
            partout: if known.covers_everywhere { "oui" } else { "" }.to_owned(),
            territoires: known.territory_sirens.clone(),
            courriel: known.email.clone(),
            telephone: known.phone.clone(),
            site: known.website.clone(),
            note: if may_note {
                known.note.clone()
            } else {
                String::new()
            },
            homonyme: String::new(),
            version: known.version.to_string(),
        }
    }

    /// The version that the form was filled from; 0, which no record has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// What was typed for a dossier.
    pub fn theme(&self, dossier: Dossier) -> &str {
        match dossier {
            Dossier::Land => &self.theme_land,
            Dossier::Accessibility => &self.theme_accessibility,
            Dossier::Environment => &self.theme_environment,
            Dossier::Training => &self.theme_training,
            Dossier::Research => &self.theme_research,
        }
    }

    /// Fields of themes: name, label, value.
    pub fn theme_fields(&self) -> Vec<(String, String, &str)> {
        Dossier::ALL
            .map(|dossier| {
                (
                    format!("theme_{}", dossier.code()),
                    format!("Thèmes\u{a0}: {}", dossier.label()),
                    self.theme(dossier),
                )
            })
            .into()
    }

    /// Whether any theme is typed: its fields are then shown unfolded.
    pub fn has_theme(&self) -> bool {
        Dossier::ALL
            .iter()
            .any(|dossier| !self.theme(*dossier).is_empty())
    }

    fn skills(&self, errors: &mut FormErrors) -> Vec<(Dossier, String)> {
        let mut skills = Vec::new();
        for dossier in Dossier::ALL {
            let mut themes: Vec<String> = self
                .theme(dossier)
                .split([',', ';', '\n'])
                .map(one_line)
                .filter(|theme| !theme.is_empty())
                .collect();
            themes.sort();
            themes.dedup();
            let field = format!("theme_{}", dossier.code());
            if themes.len() > MOST_THEMES
                || themes.iter().any(|t| t.chars().count() > LONGEST_THEME)
            {
                errors.add(
                    &field,
                    "Écrivez douze thèmes au plus, de 60\u{a0}caractères au plus, séparés par des virgules.",
                );
            }
            if themes.is_empty() && self.dossiers.iter().any(|code| code == dossier.code()) {
                themes.push(String::new());
            }
            skills.extend(themes.into_iter().map(|theme| (dossier, theme)));
        }
        skills
    }

    /// The organisation, or what is wrong with it. The note counts only for those who read it.
    pub fn parse(&self, may_note: bool) -> Result<NewOrganisation, FormErrors> {
        let mut errors = FormErrors::new();
        let name = one_line(&self.nom);
        if name.is_empty() {
            errors.add(
                "nom",
                "Indiquez le nom de l’organisme, par exemple «\u{a0}CCI du Tarn\u{a0}».",
            );
        }
        refuse_long(&mut errors, "nom", &name, LONGEST_NAME);
        let kind = self.nature.parse().unwrap_or(OrganisationKind::Other);
        if self.nature.parse::<OrganisationKind>().is_err() {
            errors.add("nature", "Choisissez la nature de l’organisme.");
        }
        let siren = one_line(&self.siren);
        let parsed = Siren::parse(&siren).ok().map(|siren| siren.to_string());
        if parsed.is_none() && !siren.is_empty() {
            errors.add(
                "siren",
                "Vérifiez le SIREN\u{a0}: neuf chiffres, par exemple 552\u{a0}100\u{a0}554, ou laissez vide.",
            );
        }
        let website = website(&mut errors, &self.site);
        let note = self.note.trim().replace("\r\n", "\n");
        refuse_long(&mut errors, "note", &note, LONGEST_NOTE);
        let new = NewOrganisation {
            name,
            kind,
            siren: parsed,
            email: email(&mut errors, "courriel", &self.courriel),
            phone: phone(&mut errors, "telephone", &self.telephone),
            website,
            note: may_note.then_some(note),
            covers_everywhere: self.partout == "oui",
            territories: self.territoires.clone(),
            skills: self.skills(&mut errors),
        };
        errors.or(new)
    }
}

/// Only addresses that a browser may safely follow.
fn website(errors: &mut FormErrors, typed: &str) -> String {
    let typed = one_line(typed);
    if typed.is_empty() {
        return typed;
    }
    let address = if typed.contains("://") {
        typed
    } else {
        format!("https://{typed}")
    };
    let is_sound = address.parse::<axum::http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|h| h.contains('.'))
    });
    if !is_sound || address.chars().count() > LONGEST_LINE {
        errors.add(
            "site",
            "Écrivez l’adresse du site, par exemple www.exemple.fr.",
        );
    }
    address
}

impl Organisation {
    /// Code of the dossier and theme, by dossier.
    pub fn skills(&self) -> impl Iterator<Item = (&str, &str)> {
        self.skill_dossiers
            .iter()
            .map(String::as_str)
            .zip(self.skill_themes.iter().map(String::as_str))
    }
}

/// A person as they were typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PersonForm {
    /// First and last name.
    pub nom: String,
    /// Job title.
    pub fonction: String,
    /// Mail address.
    pub courriel: String,
    /// Telephone number.
    pub telephone: String,
    /// `users.id` of their account.
    pub compte: String,
    /// Who gave these particulars.
    pub origine: String,
    /// Last exchange.
    pub dernier_echange: String,
    /// Version of the record that the form was filled from.
    pub version: String,
}

impl PersonForm {
    /// The form of a known person.
    pub fn of(known: &Person) -> Self {
        Self {
            nom: known.full_name.clone(),
            fonction: known.job_title.clone(),
            courriel: known.email.clone(),
            telephone: known.phone.clone(),
            compte: known.user_id.map(|id| id.to_string()).unwrap_or_default(),
            origine: known.source.clone(),
            dernier_echange: known
                .last_contact_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            version: known.version.to_string(),
        }
    }

    /// The version that the form was filled from; 0, which no record has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// The person, or what is wrong. The account must be one of those `offered`; someone who may not
    /// choose it leaves it as it is.
    pub fn parse(
        &self,
        offered: Option<&[String]>,
        kept: Option<Uuid>,
        today: NaiveDate,
    ) -> Result<NewPerson, FormErrors> {
        let mut errors = FormErrors::new();
        let user_id = match offered {
            None => kept,
            Some(_) if self.compte.is_empty() => None,
            Some(offered) => {
                let known = offered.contains(&self.compte);
                if !known {
                    errors.add("compte", "Choisissez un compte de la liste.");
                }
                self.compte.parse().ok()
            }
        };
        let new = NewPerson {
            full_name: one_line(&self.nom),
            job_title: one_line(&self.fonction),
            email: email(&mut errors, "courriel", &self.courriel),
            phone: phone(&mut errors, "telephone", &self.telephone),
            user_id,
            source: one_line(&self.origine),
            last_contact_on: past_day(&mut errors, "dernier_echange", &self.dernier_echange, today),
        };
        if new.full_name.is_empty() {
            errors.add(
                "nom",
                "Indiquez le nom de la personne, par exemple «\u{a0}Claire Martin\u{a0}».",
            );
        }
        refuse_long(&mut errors, "nom", &new.full_name, LONGEST_NAME);
        refuse_long(&mut errors, "fonction", &new.job_title, LONGEST_NAME);
        refuse_long(&mut errors, "origine", &new.source, LONGEST_NAME);
        errors.or(new)
    }
}

/// Parameters of the list; the names are those of the form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ListForm {
    /// Name or SIREN.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Code of a dossier.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dossier: String,
    /// Code of a kind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub nature: String,
    /// SIREN of a territory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territoire: String,
    /// `archives` for those set aside.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub etat: String,
    /// Number of the page.
    #[serde(skip_serializing)]
    pub page: String,
}

impl ListForm {
    /// The same, with values that mean nothing left out.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let kept = |value: &str, ok: bool| if ok { value.to_owned() } else { String::new() };
        Self {
            q: one_line(&self.q).chars().take(LONGEST_NAME).collect(),
            dossier: kept(&self.dossier, self.dossier.parse::<Dossier>().is_ok()),
            nature: kept(
                &self.nature,
                self.nature.parse::<OrganisationKind>().is_ok(),
            ),
            territoire: kept(&self.territoire, Siren::parse(&self.territoire).is_ok()),
            etat: kept(&self.etat, self.etat == "archives"),
            page: self.page.clone(),
        }
    }

    /// The filters, from tidied values.
    pub fn filters(&self) -> Filters {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        // A SIREN in groups is looked for without its spaces; `%` and `_` are letters like others.
        let digits: String = self.q.chars().filter(|c| !c.is_whitespace()).collect();
        let text = match Siren::parse(&digits) {
            Ok(siren) => siren.to_string(),
            Err(_) => self
                .q
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_"),
        };
        Filters {
            text,
            dossier: given(&self.dossier),
            kind: given(&self.nature),
            territory: given(&self.territoire),
            archived: self.etat == "archives",
        }
    }

    /// The parameters as a query string, without the page.
    pub fn query(&self) -> Result<String, Error> {
        serde_html_form::to_string(self).map_err(Error::internal)
    }

    /// The list with some parameters changed.
    pub fn href_with(&self, change: impl FnOnce(&mut Self)) -> Result<String, Error> {
        let mut changed = self.clone();
        change(&mut changed);
        let query = changed.query()?;
        Ok(if query.is_empty() {
            LIST.to_owned()
        } else {
            format!("{LIST}?{query}")
        })
    }
}
