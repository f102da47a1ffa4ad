//! The list's address, as it was typed: every parameter is optional and any text is answered.

use serde::{Deserialize, Serialize};

use super::model::{Filters, HeadcountGroup, Search, Sort, clean};
use crate::domain::{InseeCode, Siren};
use crate::web::Error;

/// Path of the list.
pub const LIST: &str = "/entreprises";
/// Rows on a page unless asked otherwise.
const PAGE_SIZE: u32 = 50;

/// Parameters of the list; the names are those of the form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ListForm {
    /// Name, SIREN or SIRET.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// SIREN of a territory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territoire: String,
    /// Insee code of a commune.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub commune: String,
    /// Section of the NAF.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secteur: String,
    /// Code of a headcount group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub effectif: String,
    /// `oui` or `non`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cle: String,
    /// Empty for active ones, `fermees`, `toutes`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub etat: String,
    /// Code of a sort.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tri: String,
    /// 50 or 100.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub par_page: String,
    /// Number of the page.
    #[serde(skip_serializing)]
    pub page: String,
}

impl ListForm {
    /// The same, with values that mean nothing left out: what is shown is what is in force.
    pub fn tidied(&self) -> Self {
        let kept = |value: &str, ok: bool| if ok { value.to_owned() } else { String::new() };
        let keep_code = |value: &str, codes: &[&str]| kept(value, codes.contains(&value));
        Self {
            q: clean(&self.q),
            territoire: Siren::parse(&self.territoire)
                .map(|s| s.to_string())
                .unwrap_or_default(),
            commune: InseeCode::parse(&self.commune)
                .map(|c| c.to_string())
                .unwrap_or_default(),
            secteur: kept(
                &self.secteur,
                self.secteur.len() == 1 && self.secteur.bytes().all(|b| b.is_ascii_uppercase()),
            ),
            effectif: kept(
                &self.effectif,
                HeadcountGroup::from_code(&self.effectif).is_some(),
            ),
            cle: keep_code(&self.cle, &["oui", "non"]),
            etat: keep_code(&self.etat, &["fermees", "toutes"]),
            tri: keep_code(&self.tri, &Sort::ALL.map(Sort::code)),
            par_page: keep_code(&self.par_page, &["100"]),
            page: self.page.clone(),
        }
    }

    /// The filters, from tidied values.
    pub fn filters(&self) -> Filters {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Filters {
            search: Search::parse(&self.q),
            territory: given(&self.territoire),
            commune: given(&self.commune),
            section: given(&self.secteur),
            headcount: HeadcountGroup::from_code(&self.effectif),
            key: given(&self.cle).map(|answer| answer == "oui"),
            active: match self.etat.as_str() {
                "toutes" => None,
                "fermees" => Some(false),
                _ => Some(true),
            },
        }
    }

    /// The order asked for.
    pub fn sort(&self) -> Sort {
        Sort::of(&self.tri, Search::parse(&self.q).is_some())
    }

    /// Rows on a page.
    pub fn page_size(&self) -> u32 {
        if self.par_page == "100" {
            100
        } else {
            PAGE_SIZE
        }
    }

    /// The parameters as a query string, without the page.
    pub fn query(&self) -> Result<String, Error> {
        serde_html_form::to_string(self).map_err(Error::internal)
    }

    /// An address with these parameters.
    pub fn href(&self, path: &str) -> Result<String, Error> {
        let query = self.query()?;
        Ok(if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        })
    }

    /// The list with some parameters changed.
    pub fn href_with(&self, change: impl FnOnce(&mut Self)) -> Result<String, Error> {
        let mut changed = self.clone();
        change(&mut changed);
        changed.href(LIST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_mean_nothing_are_left_out() {
        let junk = ListForm {
            q: "a\0b".into(),
            territoire: "-1".into(),
            commune: "9e9".into(),
            secteur: "١".into(),
            effectif: "12".into(),
            cle: "peut-être".into(),
            etat: "x".into(),
            tri: "nom desc; --".into(),
            par_page: "65535".into(),
            page: "0".into(),
        };
        let tidied = junk.tidied();
        assert_eq!(tidied.query().expect("a query"), "q=a+b");
        assert_eq!(tidied.page_size(), 50);
    }

    #[test]
    fn the_address_keeps_the_filters_and_forgets_the_page() {
        let form = ListForm {
            q: "béton".into(),
            cle: "oui".into(),
            page: "3".into(),
            ..Default::default()
        };
        let href = form.href_with(|form| form.cle.clear()).expect("an address");
        assert_eq!(href, "/entreprises?q=b%C3%A9ton");
    }
}
