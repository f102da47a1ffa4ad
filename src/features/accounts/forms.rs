//! What people type about accounts.

use serde::Deserialize;
use uuid::Uuid;

use crate::auth::password;
use crate::domain::text::{is_invisible, one_line};
use crate::domain::{OrganisationKind, Role};
use crate::web::forms::{Choice, FormErrors};

/// Longest name or address: what a card can show, and what RFC 5321 lets an address be.
const LONGEST_NAME: usize = 120;
const LONGEST_EMAIL: usize = 254;

/// An address of sign-in, in lower case. Only its shape is checked: the link proves the rest.
pub fn parse_email(text: &str) -> Result<String, &'static str> {
    const WRONG: &str =
        "Écrivez une adresse électronique complète, par exemple prenom.nom@tarn.fr.";
    let email = text.trim().to_lowercase();
    let (name, domain) = email.rsplit_once('@').ok_or(WRONG)?;
    let is_plain = |text: &str| {
        !text.is_empty()
            && !text
                .chars()
                .any(|c| c.is_whitespace() || is_invisible(c) || "<>(),;:\"\\@?&%#/".contains(c))
    };
    let has_dot = domain
        .split_once('.')
        .is_some_and(|(host, rest)| !host.is_empty() && !rest.is_empty() && !rest.ends_with('.'));
    if is_plain(name) && is_plain(domain) && has_dot && email.len() <= LONGEST_EMAIL {
        Ok(email)
    } else {
        Err(WRONG)
    }
}

/// A person's name, without useless spaces or invisible characters.
pub fn parse_name(text: &str) -> Result<String, &'static str> {
    let name = one_line(text);
    if name.is_empty() {
        return Err("Écrivez le prénom et le nom, par exemple Claire Martin.");
    }
    if name.chars().count() > LONGEST_NAME {
        return Err("Écrivez un nom de 120 caractères au plus.");
    }
    Ok(name)
}

/// Checks a password to come against the rules and the person's own words.
pub fn check_password(text: &str, name: &str, email: &str, errors: &mut FormErrors) {
    let about: Vec<&str> = name
        .split_whitespace()
        .chain(email.split(['@', '.', '-']))
        .collect();
    if let Err(refused) = password::check(text, &about) {
        errors.add("mot_de_passe", refused.message);
    }
}

/// The form of a person's rights, as typed: invitation and change.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RightsForm {
    /// Address of sign-in.
    #[serde(default)]
    pub email: String,
    /// First and last name.
    #[serde(default, rename = "nom")]
    pub name: String,
    /// Code of the role.
    #[serde(default)]
    pub role: String,
    /// `organisations.id`, or [`NEW_ORGANISATION`].
    #[serde(default)]
    pub organisation: String,
    /// Name of an organisation that is not in the list.
    #[serde(default, rename = "nouvel_organisme")]
    pub new_organisation: String,
    /// Code of its kind.
    #[serde(default, rename = "nature")]
    pub kind: String,
    /// SIREN of the territories.
    #[serde(default, rename = "territoires")]
    pub territories: Vec<String>,
    /// Version of the account that the person was shown.
    #[serde(default)]
    pub version: String,
}

/// Value of the choice that opens the two fields of a new organisation.
pub const NEW_ORGANISATION: &str = "nouveau";

/// The organisation of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganisationChoice {
    /// One of the list.
    Known(Uuid),
    /// Name and kind of one more.
    New(String, OrganisationKind),
}

/// A checked [`RightsForm`].
#[derive(Debug, Clone)]
pub struct ParsedRights {
    /// Address of sign-in.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Organisation.
    pub organisation: OrganisationChoice,
    /// SIREN of the territories; empty for the roles that see them all.
    pub territories: Vec<String>,
}

impl RightsForm {
    /// Checks every field against the choices that the page offers.
    pub fn parse(
        &self,
        organisations: &[Choice],
        territories: &[Choice],
    ) -> Result<ParsedRights, FormErrors> {
        let mut errors = FormErrors::default();
        let mut keep = |field: &str, result: Result<String, &'static str>| {
            result.unwrap_or_else(|why| {
                errors.add(field, why);
                String::new()
            })
        };
        let email = keep("email", parse_email(&self.email));
        let name = keep("nom", parse_name(&self.name));
        let role = self.role.parse::<Role>().ok();
        if role.is_none() {
            errors.add(
                "role",
                "Choisissez un rôle : il décide de ce que la personne voit.",
            );
        }
        let organisation = self.organisation_choice(organisations, &mut errors);
        let own = self.territories_of(role, territories, &mut errors);
        match (role, organisation) {
            (Some(role), Some(organisation)) => errors.or(ParsedRights {
                email,
                name,
                role,
                organisation,
                territories: own,
            }),
            _ => Err(errors),
        }
    }

    fn organisation_choice(
        &self,
        known: &[Choice],
        errors: &mut FormErrors,
    ) -> Option<OrganisationChoice> {
        if self.organisation != NEW_ORGANISATION {
            let is_known = known.iter().any(|choice| choice.value == self.organisation);
            let id = self.organisation.parse().ok().filter(|_| is_known);
            if id.is_none() {
                errors.add(
                    "organisation",
                    "Choisissez un organisme dans la liste, ou « Un autre organisme ».",
                );
            }
            return id.map(OrganisationChoice::Known);
        }
        let name = parse_name(&self.new_organisation);
        if name.is_err() {
            errors.add(
                "nouvel_organisme",
                "Écrivez le nom du nouvel organisme, par exemple CCI du Tarn.",
            );
        }
        let kind = self.kind.parse();
        if kind.is_err() {
            errors.add("nature", "Choisissez la nature du nouvel organisme.");
        }
        name.ok()
            .zip(kind.ok())
            .map(|(name, kind)| OrganisationChoice::New(name, kind))
    }

    fn territories_of(
        &self,
        role: Option<Role>,
        known: &[Choice],
        errors: &mut FormErrors,
    ) -> Vec<String> {
        if !role.is_some_and(Role::is_territorial) {
            return Vec::new();
        }
        let own: Vec<String> = known
            .iter()
            .filter(|choice| self.territories.contains(&choice.value))
            .map(|choice| choice.value.clone())
            .collect();
        if own.is_empty() {
            errors.add(
                "territoires",
                "Cochez au moins un territoire : sans territoire, ce rôle ne voit aucune entreprise.",
            );
        }
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        assert_eq!(
            parse_email("  Claire.Martin@TARN.fr "),
            Ok("claire.martin@tarn.fr".into())
        );
        for bad in [
            "",
            "claire",
            "@tarn.fr",
            "claire@tarn",
            "a b@tarn.fr",
            "a@b@tarn.fr",
            "a@tarn.fr\r\nBcc: x@y.fr",
            "a,b@tarn.fr",
            "a@tarn.",
            "a@.fr",
            "a@tarn.fr?bcc=x",
        ] {
            assert!(parse_email(bad).is_err(), "{bad:?}");
        }
        assert!(parse_email(&format!("{}@tarn.fr", "a".repeat(250))).is_err());
    }

    fn adviser() -> RightsForm {
        RightsForm {
            email: "a@tarn.fr".into(),
            name: " Anne   Roux ".into(),
            role: "adviser".into(),
            organisation: NEW_ORGANISATION.into(),
            new_organisation: "CCI du Tarn".into(),
            kind: "cci".into(),
            territories: vec!["200040905".into(), "999999999".into()],
            version: String::new(),
        }
    }

    #[test]
    fn an_adviser_needs_a_territory_that_exists() {
        let known = [Choice::new("200040905", "Carmausin-Ségala")];
        let parsed = adviser().parse(&[], &known).expect("accepted");
        assert_eq!(
            parsed.territories,
            ["200040905"],
            "an unknown territory is dropped"
        );
        assert_eq!(parsed.name, "Anne Roux");
        let errors = adviser().parse(&[], &[]).expect_err("no territory");
        assert!(errors.get("territoires").is_some());
    }

    #[test]
    fn territories_of_a_role_that_sees_them_all_are_dropped() {
        let known = [Choice::new("200040905", "Carmausin-Ségala")];
        let form = RightsForm {
            role: "staff".into(),
            ..adviser()
        };
        assert!(
            form.parse(&[], &known)
                .expect("accepted")
                .territories
                .is_empty()
        );
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let errors = RightsForm::default().parse(&[], &[]).expect_err("empty");
        for field in ["email", "nom", "role", "organisation"] {
            assert!(errors.get(field).is_some(), "{field}");
        }
    }
}
