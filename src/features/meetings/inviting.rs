//! The addresses of an invitation, as typed.

use serde::Deserialize;

use super::queries::invitations::{Candidate, Invited};
use crate::features::organisations::forms::email;
use crate::web::forms::FormErrors;

/// The addresses of those to invite.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    /// Of the head of the company.
    pub entreprise: String,
    /// Of who represents the council.
    pub departement: String,
    /// Version of the meeting that the page showed.
    pub version: String,
}

/// The field of a side.
pub fn field_of(side: &str) -> &'static str {
    if side == "council" {
        "departement"
    } else {
        "entreprise"
    }
}

impl InviteForm {
    /// What is known of those to invite: the address that bounced comes first, to be mended.
    pub fn of(due: &[Candidate], invited: &[Invited], version: i32) -> Self {
        let mut form = Self {
            version: version.to_string(),
            ..Self::default()
        };
        for one in due {
            let tried = invited.iter().find(|known| known.is_of(&one.side));
            let address = tried.map_or(&one.known_address, |known| &known.address);
            form.place(&one.side).clone_from(address);
        }
        form
    }

    fn place(&mut self, side: &str) -> &mut String {
        if side == "council" {
            &mut self.departement
        } else {
            &mut self.entreprise
        }
    }

    /// What was typed for a side.
    pub fn typed(&self, side: &str) -> &str {
        if side == "council" {
            &self.departement
        } else {
            &self.entreprise
        }
    }

    /// The version that the page showed; 0, which no meeting has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(0)
    }

    /// Those who have an address, with it. An empty one is to be told otherwise.
    pub fn parse<'a>(
        &self,
        due: &'a [Candidate],
        invited: &[Invited],
    ) -> Result<Vec<(&'a Candidate, String)>, FormErrors> {
        let mut errors = FormErrors::new();
        let mut to: Vec<(&Candidate, String)> = Vec::new();
        for one in due {
            let field = field_of(&one.side);
            let address = email(&mut errors, field, self.typed(&one.side));
            if address.is_empty() {
                continue;
            }
            let same = |other: &str| other.to_lowercase() == address.to_lowercase();
            let is_taken = to.iter().any(|(_, other)| same(other))
                || invited.iter().any(|known| {
                    !known.is_removed && known.side != one.side && same(&known.address)
                });
            if is_taken {
                errors.add(
                    field,
                    "Cette adresse est déjà celle de l’autre personne\u{a0}: chacun reçoit sa propre invitation.",
                );
            }
            to.push((one, address));
        }
        if to.is_empty()
            && errors.is_empty()
            && let Some(first) = due.first()
        {
            errors.add(
                field_of(&first.side),
                "Écrivez au moins une adresse, par exemple c.martin@exemple.fr.",
            );
        }
        errors.or(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due() -> Vec<Candidate> {
        ["company", "council"]
            .map(|side| Candidate {
                side: side.to_owned(),
                contact_id: None,
                name: "Claire Martin".to_owned(),
                known_address: String::new(),
            })
            .into()
    }

    fn parse(entreprise: &str, departement: &str) -> Result<Vec<String>, FormErrors> {
        let form = InviteForm {
            entreprise: entreprise.to_owned(),
            departement: departement.to_owned(),
            version: "1".to_owned(),
        };
        let due = due();
        let to = form.parse(&due, &[])?;
        Ok(to.into_iter().map(|(_, address)| address).collect())
    }

    #[test]
    fn an_address_is_one_line_and_serves_once() {
        assert_eq!(parse("a@b.fr", " c@d.fr ").expect("two").len(), 2);
        assert_eq!(parse("", "c@d.fr").expect("one"), ["c@d.fr"]);
        for (entreprise, departement, field) in [
            ("a@b.fr\r\nBcc: tous@b.fr", "", "entreprise"),
            ("a@b.fr", "A@B.fr", "departement"),
            ("", " ", "entreprise"),
        ] {
            let errors = parse(entreprise, departement).expect_err("refused");
            assert!(errors.get(field).is_some(), "{errors:?}");
        }
    }
}
