//! What the sheet shows: little, so that it stays on one page whatever is known.

use askama::Template;
use askama_web::WebTemplate;

use super::accounts::Summary;
use crate::features::companies::queries::page::{CompanyDetail, ContactRow, HeadcountRow, NoteRow};
use crate::features::companies::views::notes::Notes;
use crate::features::companies::views::risk::RiskView;
use crate::features::companies::views::show::headcount_in_words;
use crate::scoring::explanation::Factor;
use crate::web::Visit;
use crate::web::filters;
use crate::web::shell::Shell;

/// Factors shown.
const FACTORS: usize = 4;
/// Signals shown.
const SIGNALS: usize = 3;
/// Contacts shown.
const CONTACTS: usize = 4;
/// Letters of a text that people wrote.
const LETTERS: usize = 140;

/// What only those who may see risks are shown.
pub struct Reserved {
    /// Signals and the view on the level.
    pub notes: Notes,
    /// The accounts in five lines.
    pub accounts: Option<Summary>,
}

/// `templates/sheets/sheet.html`
#[derive(Template, WebTemplate)]
#[template(path = "sheets/sheet.html")]
pub struct SheetPage {
    shell: Shell,
    /// The company.
    pub company: CompanyDetail,
    /// Whether it can be had as a PDF.
    pub has_pdf: bool,
    headcount: String,
    contacts: Vec<ContactRow>,
    more_contacts: usize,
    risk: Option<RiskView>,
    reserved: Option<Reserved>,
    today: chrono::NaiveDate,
    author: String,
}

impl SheetPage {
    /// The sheet of this company for this person.
    pub fn new(
        visit: &Visit,
        mut company: CompanyDetail,
        headcount: Option<&HeadcountRow>,
        contacts: Vec<ContactRow>,
        reserved: Option<Reserved>,
    ) -> Self {
        let risk = company.risk.take().map(|row| RiskView::new(row.0));
        let name = company.shown_name().to_owned();
        let href = format!("/entreprises/{}", company.siren);
        let is_here = |contact: &ContactRow| contact.archived_on.is_none() && !contact.is_erased;
        let mut contacts: Vec<ContactRow> = contacts.into_iter().filter(is_here).collect();
        let more_contacts = contacts.len().saturating_sub(CONTACTS);
        contacts.truncate(CONTACTS);
        Self {
            shell: visit
                .shell(format!("Fiche de {}", shortened(&name)))
                .via("Accueil", "/")
                .via("Entreprises", "/entreprises")
                .via(name, href)
                .at("Fiche"),
            headcount: headcount_in_words(headcount, &company),
            company,
            has_pdf: false,
            contacts,
            more_contacts,
            risk,
            reserved,
            today: visit.today,
            author: visit.user.name.clone(),
        }
    }

    fn pdf_href(&self) -> String {
        format!("/entreprises/{}/fiche.pdf", self.company.siren)
    }

    /// The heaviest factors that cost points.
    fn factors(&self) -> Vec<&Factor> {
        let factors = self.risk.iter().flat_map(RiskView::heaviest);
        factors
            .filter(|factor| factor.points > 0)
            .take(FACTORS)
            .collect()
    }

    /// The territory and the commune.
    fn place(&self) -> String {
        let company = &self.company;
        let known = [company.territory.as_deref(), company.commune.as_deref()];
        let known: Vec<&str> = known.into_iter().flatten().collect();
        if known.is_empty() {
            filters::UNKNOWN.to_owned()
        } else {
            known.join(", ")
        }
    }
}

impl Reserved {
    /// Signals that count today, and how many are left out.
    fn signals(&self) -> (&[NoteRow], usize) {
        let all = &self.notes.in_force;
        let shown = all.len().min(SIGNALS);
        (&all[..shown], all.len() - shown)
    }
}

/// A text that people wrote, cut at a word when it is long.
pub fn shortened(text: impl AsRef<str>) -> String {
    crate::domain::text::shortened(text.as_ref(), LETTERS)
}
