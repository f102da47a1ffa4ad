//! The home page.

use askama::Template;
use askama_web::WebTemplate;

use super::mine::Met;
use super::model::{SHOWN, Todo, Watched, gathered};
use super::queries::Progress;
use super::routes::WATCHED;
use crate::auth::Permission;
use crate::web::Visit;
use crate::web::filters::{self, agree};
use crate::web::shell::Shell;

/// One of the first three steps.
pub struct FirstStep {
    /// What to do.
    pub label: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Where, for those who may.
    pub href: Option<&'static str>,
    /// Whether it is done.
    pub is_done: bool,
}

/// « À faire aujourd’hui ».
#[derive(Template, WebTemplate)]
#[template(path = "home/index.html")]
pub struct HomePage {
    /// Frame.
    pub shell: Shell,
    /// At most ten things to do.
    pub todos: Vec<Todo>,
    /// How many there are, in words.
    pub count: String,
    /// How many are left out.
    pub others: usize,
    /// The first steps, until they are all done.
    pub steps: Vec<FirstStep>,
    /// Whether imports and places wait for decisions of this person.
    pub decides: bool,
    /// Key companies whose level asks to be looked at.
    pub watched: Vec<Watched>,
    /// Whether some are left out.
    pub has_more_watched: bool,
    /// The visitor's meetings of the week.
    pub week: Vec<Met>,
}

impl HomePage {
    /// The page of this visitor.
    pub fn new(visit: &Visit, todos: Vec<Todo>, progress: &Progress) -> Self {
        let mut todos = gathered(todos);
        let total = todos.len();
        let is_new = !progress.has_companies || !progress.has_key_companies;
        todos.truncate(SHOWN);
        Self {
            shell: visit.shell("À faire aujourd’hui"),
            count: in_words(total),
            others: total - todos.len(),
            steps: if is_new {
                first_steps(visit, progress)
            } else {
                Vec::new()
            },
            todos,
            decides: visit.may(Permission::ManageKeyCompanies),
            watched: Vec::new(),
            has_more_watched: false,
            week: Vec::new(),
        }
    }

    /// Shows these key companies; one too many says that there are others.
    pub fn watch(&mut self, mut watched: Vec<Watched>) {
        let most = usize::try_from(WATCHED).unwrap_or(usize::MAX);
        self.has_more_watched = watched.len() > most;
        watched.truncate(most);
        self.watched = watched;
    }
}

fn in_words(total: usize) -> String {
    let count = i64::try_from(total).unwrap_or(i64::MAX);
    format!(
        "{count}\u{a0}{} aujourd’hui.",
        agree(count, "chose à faire", "choses à faire")
    )
}

fn first_steps(visit: &Visit, progress: &Progress) -> Vec<FirstStep> {
    let open = |permission, href| visit.may(permission).then_some(href);
    vec![
        FirstStep {
            label: "Importer les entreprises",
            reason: "Le fichier Sirene de l’Insee, ou votre propre liste.",
            href: open(Permission::ManageImports, "/imports"),
            is_done: progress.has_companies,
        },
        FirstStep {
            label: "Choisir les entreprises clés",
            reason: "Cinq au plus par territoire, avec un motif et un référent.",
            href: open(Permission::ViewTerritories, "/territoires"),
            is_done: progress.has_key_companies,
        },
        FirstStep {
            label: "Inviter les collègues et les partenaires",
            reason: "Chacun reçoit un lien et choisit son mot de passe.",
            href: open(Permission::ManageUsers, "/utilisateurs"),
            is_done: progress.has_colleagues,
        },
    ]
}
