//! Kinds of records that a search finds, in words.

use super::queries::Hit;
use crate::features::companies::model::shown_name;
use crate::web::filters::{agree, group_thousands, long_date};

/// Letters of a title at most: what was noted may be long.
const LONGEST_TITLE: usize = 140;

/// Kinds of records, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Contacts of companies, people of organisations.
    Person,
    /// Organisations.
    Organisation,
    /// Meetings with companies.
    Meeting,
    /// Workshops.
    Workshop,
    /// What was decided there.
    Decision,
    /// Actions of plans.
    Action,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 6] = [
        Self::Person,
        Self::Organisation,
        Self::Meeting,
        Self::Workshop,
        Self::Decision,
        Self::Action,
    ];

    /// Code of the query.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Meeting => "meeting",
            Self::Workshop => "workshop",
            Self::Decision => "decision",
            Self::Action => "action",
        }
    }

    /// Word of the address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Person => "personnes",
            Self::Organisation => "organismes",
            Self::Meeting => "rencontres",
            Self::Workshop => "ateliers",
            Self::Decision => "decisions",
            Self::Action => "actions",
        }
    }

    /// The kind that an address names.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// Heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Person => "Personnes",
            Self::Organisation => "Organismes",
            Self::Meeting => "Rencontres",
            Self::Workshop => "Ateliers",
            Self::Decision => "Décisions",
            Self::Action => "Actions",
        }
    }

    /// The noun, singular and plural.
    const fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Person => ("personne", "personnes"),
            Self::Organisation => ("organisme", "organismes"),
            Self::Meeting => ("rencontre", "rencontres"),
            Self::Workshop => ("atelier", "ateliers"),
            Self::Decision => ("décision", "décisions"),
            Self::Action => ("action", "actions"),
        }
    }

    /// « 12 rencontres ».
    pub fn counted(self, count: i64) -> String {
        let (one, many) = self.nouns();
        format!(
            "{}\u{a0}{}",
            group_thousands(count),
            agree(count, one, many)
        )
    }
}

/// The records of a kind.
#[derive(Debug)]
pub struct Group {
    /// What.
    pub kind: Kind,
    /// How many there are.
    pub found: i64,
    /// Whether they only resemble the words.
    pub is_near: bool,
    /// Those shown.
    pub hits: Vec<Hit>,
}

impl Group {
    /// How many there are, in words.
    pub fn count(&self) -> String {
        self.kind.counted(self.found)
    }

    /// Whether some are left out.
    pub fn is_cut(&self) -> bool {
        i64::try_from(self.hits.len()).is_ok_and(|shown| shown < self.found)
    }
}

/// Records by kind, in the order of the page.
pub fn groups(hits: Vec<Hit>) -> Vec<Group> {
    let mut groups: Vec<Group> = Kind::ALL
        .into_iter()
        .map(|kind| Group {
            kind,
            found: 0,
            is_near: false,
            hits: Vec::new(),
        })
        .collect();
    for hit in hits {
        let Some(group) = groups.iter_mut().find(|g| g.kind.code() == hit.kind) else {
            continue;
        };
        group.found = hit.found;
        group.is_near = hit.is_near;
        group.hits.push(hit);
    }
    groups.retain(|group| !group.hits.is_empty());
    groups
}

impl Hit {
    /// Where it is read.
    pub fn href(&self) -> String {
        match (self.kind.as_str(), self.siren.as_str()) {
            ("person", siren) if !siren.is_empty() => format!("/entreprises/{siren}#contacts"),
            ("person" | "organisation", _) => format!("/organismes/{}", self.id),
            ("meeting", _) => format!("/rencontres/{}", self.id),
            ("workshop", _) => format!("/ateliers/{}", self.id),
            ("decision", _) => format!("/decisions/{}", self.id),
            _ => format!("/actions/{}", self.id),
        }
    }

    /// Its name or first words, cut between two words.
    pub fn words(&self) -> String {
        if self.title.chars().count() <= LONGEST_TITLE {
            return self.title.clone();
        }
        let cut: String = self.title.chars().take(LONGEST_TITLE).collect();
        let whole = cut
            .rsplit_once(' ')
            .map_or(cut.as_str(), |(words, _)| words);
        format!("{whole}…")
    }

    /// What tells it from the others: company, function, day.
    pub fn about(&self) -> String {
        let company =
            (!self.siren.is_empty()).then(|| shown_name(self.company.as_deref()).to_owned());
        let context = Some(self.context.clone()).filter(|text| !text.is_empty());
        let day = self.day.map(|day| match self.kind.as_str() {
            "decision" | "action" => format!("pour le {}", long_date(day)),
            _ => long_date(day),
        });
        let secret = self
            .is_confidential
            .then(|| "dans la partie confidentielle".to_owned());
        let parts: Vec<String> = [context, company, day, secret]
            .into_iter()
            .flatten()
            .collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(kind: &str, siren: &str) -> Hit {
        Hit {
            kind: kind.into(),
            id: "x".into(),
            title: "mot ".repeat(60),
            company: None,
            context: "Directrice".into(),
            siren: siren.into(),
            day: None,
            is_near: false,
            is_confidential: false,
            found: 9,
        }
    }

    #[test]
    fn groups_stand_in_the_order_of_the_page_and_say_how_many_there_are() {
        let found = groups(vec![
            hit("action", "1"),
            hit("person", "1"),
            hit("person", ""),
        ]);
        let told: Vec<(&str, usize, String)> = found
            .iter()
            .map(|g| (g.kind.heading(), g.hits.len(), g.count()))
            .collect();
        assert_eq!(
            told,
            [
                ("Personnes", 2, "9\u{a0}personnes".to_owned()),
                ("Actions", 1, "9\u{a0}actions".to_owned())
            ]
        );
        assert!(found[0].is_cut());
    }

    #[test]
    fn a_contact_leads_to_its_company_and_a_person_to_their_organisation() {
        assert_eq!(hit("person", "123").href(), "/entreprises/123#contacts");
        assert_eq!(hit("person", "").href(), "/organismes/x");
        assert_eq!(hit("person", "").about(), "Directrice");
        assert_eq!(
            hit("person", "123").about(),
            "Directrice, [information non diffusible]"
        );
    }

    #[test]
    fn long_words_are_cut_between_two_words() {
        let words = hit("meeting", "1").words();
        assert!(
            words.ends_with("mot…") && words.chars().count() <= 141,
            "{words}"
        );
    }
}
