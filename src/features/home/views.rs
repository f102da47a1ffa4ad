//! The home page.

use askama::Template;
use askama_web::WebTemplate;

use super::mine::Met;
use super::model::{Listed, SHOWN, Todo, Watched, gathered, listed};
use super::queries::Progress;
use crate::auth::Permission;
use crate::domain::Role;
use crate::features::pages::guide::{Guide, Step};
use crate::web::Visit;
use crate::web::filters::{self, agree};
use crate::web::shell::Shell;

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
    /// The lists that hold those left out.
    pub lists: Vec<Listed>,
    /// The first steps, until they are all done.
    pub guide: Option<Guide>,
    /// Whether nothing was chosen yet: the steps are then all there is.
    pub is_new: bool,
    /// Whether imports and places wait for decisions of this person.
    pub decides: bool,
    /// Key companies whose level asks to be looked at.
    pub watched: Vec<Watched>,
    /// Whether some are left out.
    pub has_more_watched: bool,
    /// The visitor's meetings of the week.
    pub week: Vec<Met>,
    /// How many of them are left out.
    pub week_others: usize,
}

impl HomePage {
    /// The page of this visitor.
    pub fn new(visit: &Visit, todos: Vec<Todo>, progress: &Progress) -> Self {
        let mut todos = gathered(todos);
        let total = todos.len();
        let left_out = todos.split_off(total.min(SHOWN));
        Self {
            shell: visit.shell("À faire aujourd’hui"),
            count: in_words(total),
            lists: listed(&left_out),
            guide: Guide::of(visit, first_steps(visit, progress)),
            is_new: !progress.has_companies || !progress.has_key_companies,
            todos,
            decides: visit.may(Permission::ManageKeyCompanies),
            watched: Vec::new(),
            has_more_watched: false,
            week: Vec::new(),
            week_others: 0,
        }
    }

    /// Rows that the page can still show: ten in all.
    pub fn room(&self) -> i64 {
        let shown = self.todos.len() + self.week.len();
        i64::try_from(SHOWN.saturating_sub(shown)).unwrap_or(0)
    }

    /// Shows the meetings of the week, as many as there is room for.
    pub fn meet(&mut self, mut week: Vec<Met>) {
        let room = usize::try_from(self.room()).unwrap_or(0);
        self.week_others = week.len().saturating_sub(room);
        week.truncate(room);
        self.week = week;
    }

    /// Shows these key companies; one too many says that there are others.
    pub fn watch(&mut self, mut watched: Vec<Watched>, room: i64) {
        let most = usize::try_from(room).unwrap_or(usize::MAX);
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

/// The steps of each role that comes here; an elected official has theirs with the figures.
fn first_steps(visit: &Visit, progress: &Progress) -> Vec<Step> {
    let import = Step::new(
        "Importer les entreprises",
        "Le fichier Sirene de l’Insee, ou votre propre liste.",
        "/imports",
        progress.has_companies,
    );
    match visit.user.role {
        Role::Admin => vec![
            import,
            Step::new(
                "Inviter les collègues et les partenaires",
                "Chacun reçoit un lien et choisit son mot de passe.",
                "/utilisateurs/inviter",
                progress.has_colleagues,
            ),
            Step::of_others(
                "Faire choisir les entreprises clés",
                "La Direction du Développement les choisit, cinq au plus par territoire.",
                progress.has_key_companies,
            ),
        ],
        Role::Staff => vec![
            import,
            Step::new(
                "Choisir les entreprises clés",
                "Cinq au plus par territoire, avec un motif et un référent.",
                "/territoires",
                progress.has_key_companies,
            ),
            Step::new(
                "Noter une première rencontre",
                "Une minute, même depuis un téléphone\u{a0}: une date et une phrase.",
                "/rencontres/nouvelle",
                progress.has_met,
            ),
        ],
        Role::Adviser => vec![
            Step::of_others(
                "Recevoir vos territoires",
                "L’administration de Vigie vous les confie\u{a0}: demandez-les s’il en manque.",
                !visit.user.territories.is_empty(),
            ),
            Step::new(
                "Noter une première rencontre",
                "Une minute, même depuis un téléphone\u{a0}: une date et une phrase.",
                "/rencontres/nouvelle",
                progress.has_met,
            ),
            Step::new(
                "Signaler ce que vous observez",
                "Depuis la page d’une entreprise\u{a0}: un signe de difficulté, avec sa date et son motif.",
                "/entreprises?cle=oui",
                progress.has_signalled,
            ),
        ],
        Role::Elected => Vec::new(),
    }
}
