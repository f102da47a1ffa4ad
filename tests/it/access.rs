//! Who may pass each door: every route × every role × own and other territory × signed out ×
//! suspended. A route without a line here fails; so does a line without its route.
//!
//! To add a route, add its line. `{…}` in `at` and `elsewhere` are keys of [`Fixture::fill`].

use axum::body::Body;
use axum::http::{Method, Request, header};
use uuid::Uuid;
use vigie::auth::links::{self, Purpose};
use vigie::domain::Role;

use crate::support::app::{Client, Page, TestApp};

/// Who passes.
#[derive(Clone, Copy)]
enum Who {
    /// Signed in or not.
    Anyone,
    /// Signed in, whatever the role.
    Person,
    /// These roles.
    Only(&'static [Role]),
}

use Role::{Admin, Adviser, Staff};
use Who::{Anyone, Only, Person};

/// What the test expects of a route.
#[derive(Clone, Copy)]
struct Line {
    method: &'static str,
    pattern: &'static str,
    who: Who,
    /// Address of something that everyone admitted may see.
    at: &'static str,
    /// The same in a territory that is not the adviser's: not found for them.
    elsewhere: Option<&'static str>,
}

const fn get(pattern: &'static str, who: Who) -> Line {
    Line {
        method: "GET",
        pattern,
        who,
        at: pattern,
        elsewhere: None,
    }
}

const fn post(pattern: &'static str, who: Who) -> Line {
    Line {
        method: "POST",
        pattern,
        who,
        at: pattern,
        elsewhere: None,
    }
}

impl Line {
    const fn at(self, at: &'static str) -> Self {
        Self { at, ..self }
    }

    const fn elsewhere(self, path: &'static str) -> Self {
        Self {
            elsewhere: Some(path),
            ..self
        }
    }
}

const REMOVE: &str = "/entreprises/{siren}/comptes/{regime}/{cloture}/supprimer";
const TYPED: &str = "/entreprises/{own_company}/comptes/complet/2024-12-31/supprimer";

const NOT_ADVISER: &[Role] = &[Admin, Staff, Role::Elected];
const NOT_ELECTED: &[Role] = &[Admin, Staff, Adviser];

const LINES: &[Line] = &[
    // Pages of the law and of the house.
    get("/accessibilite", Anyone),
    get("/mentions-legales", Anyone),
    get("/donnees-personnelles", Anyone),
    get("/plan-du-site", Anyone),
    get("/aide", Anyone),
    get("/aide/{verbe}", Anyone).at("/aide/commencer"),
    get("/aide/indicateurs", Person),
    get("/indicateurs", Person),
    get("/indicateurs/rapport", Person),
    get("/indicateurs/rapport.pdf", Person),
    get("/indicateurs/classeur.xlsx", Person),
    get("/indicateurs/diaporama.odp", Person),
    get("/indicateurs/identifiees", Only(NOT_ELECTED)),
    get("/indicateurs/maintenues", Only(&[Staff, Adviser])),
    get("/indicateurs/commentaire", Only(&[Staff])),
    post("/indicateurs/commentaire", Only(&[Staff])),
    get("/indicateurs/reglages", Only(&[Staff])),
    post("/indicateurs/reglages", Only(&[Staff])),
    get("/indicateurs/arretes", Only(NOT_ADVISER)),
    post("/indicateurs/arretes", Only(&[Staff])),
    get("/indicateurs/arretes/{id}", Only(NOT_ADVISER)).at("/indicateurs/arretes/{snapshot}"),
    get("/indicateurs/arretes/{id}/rapport.pdf", Only(NOT_ADVISER))
        .at("/indicateurs/arretes/{snapshot}/rapport.pdf"),
    get("/indicateurs/arretes/{id}/classeur.xlsx", Only(NOT_ADVISER))
        .at("/indicateurs/arretes/{snapshot}/classeur.xlsx"),
    get("/indicateurs/arretes/{id}/diaporama.odp", Only(NOT_ADVISER))
        .at("/indicateurs/arretes/{snapshot}/diaporama.odp"),
    get("/modele", Person),
    get("/modele/versions", Only(&[Staff])),
    get("/modele.pdf", Person),
    get("/style", Only(&[Admin])),
    // Accounts.
    get("/connexion", Anyone),
    post("/connexion", Anyone),
    post("/deconnexion", Anyone),
    get("/lien/{token}", Anyone).at("/lien/{link}"),
    post("/lien/{token}", Anyone).at("/lien/{link}"),
    get("/mot-de-passe-oublie", Anyone),
    post("/mot-de-passe-oublie", Anyone),
    get("/compte", Person),
    post("/compte/mot-de-passe", Person),
    post("/compte/sessions/{id}/fermer", Person).at("/compte/sessions/{own_session}/fermer"),
    post("/compte/sessions/fermer-les-autres", Person),
    get("/utilisateurs", Only(&[Admin])),
    get("/utilisateurs/inviter", Only(&[Admin])),
    post("/utilisateurs/inviter", Only(&[Admin])),
    get("/utilisateurs/{id}", Only(&[Admin])).at("/utilisateurs/{user}"),
    post("/utilisateurs/{id}", Only(&[Admin])).at("/utilisateurs/{user}"),
    post("/utilisateurs/{id}/suspendre", Only(&[Admin])).at("/utilisateurs/{user}/suspendre"),
    post("/utilisateurs/{id}/reactiver", Only(&[Admin])).at("/utilisateurs/{user}/reactiver"),
    post("/utilisateurs/{id}/fermer-les-sessions", Only(&[Admin]))
        .at("/utilisateurs/{user}/fermer-les-sessions"),
    post("/utilisateurs/{id}/lien", Only(&[Admin])).at("/utilisateurs/{user}/lien"),
    get("/journal", Only(&[Admin])),
    get("/compte/courriels", Person),
    post("/compte/courriels", Person),
    get("/compte/courriels/apercu", Person),
    post("/premiers-pas/masquer", Person),
    post("/compte/agenda", Person),
    post("/compte/agenda/arreter", Person),
    // Their address holds a secret of its own.
    get("/calendrier/{file}", Anyone).at("/calendrier/{secret}.ics"),
    get("/courriels/arret/{token}", Anyone).at("/courriels/arret/{secret}"),
    post("/courriels/arret/{token}", Anyone).at("/courriels/arret/{secret}"),
    // Mails and jobs.
    get("/reglages/courriels", Only(&[Admin])),
    post("/reglages/courriels/envoyer", Only(&[Admin])),
    get("/reglages/courriels/{id}", Only(&[Admin])).at("/reglages/courriels/{mail}"),
    post("/reglages/courriels/{id}/renvoyer", Only(&[Admin]))
        .at("/reglages/courriels/{mail}/renvoyer"),
    get("/reglages/taches", Only(&[Admin])),
    post("/reglages/taches/{id}/relancer", Only(&[Admin])).at("/reglages/taches/{job}/relancer"),
    get("/reglages/taches/{id}/abandonner", Only(&[Admin])).at("/reglages/taches/{job}/abandonner"),
    post("/reglages/taches/{id}/abandonner", Only(&[Admin]))
        .at("/reglages/taches/{job}/abandonner"),
    // Imports.
    get("/imports", Only(&[Staff, Admin])),
    get("/imports/nouveau", Only(&[Staff, Admin])),
    post("/imports/nouveau", Only(&[Staff, Admin])),
    get("/imports/modele.csv", Only(&[Staff, Admin])),
    get("/imports/modele.xlsx", Only(&[Staff, Admin])),
    get("/imports/{id}", Only(&[Staff, Admin])).at("/imports/{import}"),
    get("/imports/{id}/rejets.csv", Only(&[Staff, Admin])).at("/imports/{import}/rejets.csv"),
    get("/imports/{id}/rejets/{file}", Only(&[Staff, Admin])).at("/imports/{import}/rejets/1"),
    post("/imports/{id}/confirmer", Only(&[Staff, Admin])).at("/imports/{import}/confirmer"),
    post("/imports/{id}/abandonner", Only(&[Staff, Admin])).at("/imports/{import}/abandonner"),
    get("/imports/{id}/annuler", Only(&[Staff, Admin])).at("/imports/{import}/annuler"),
    post("/imports/{id}/annuler", Only(&[Staff, Admin])).at("/imports/{import}/annuler"),
    // Social data: settings for the administration, the reading for nobody by their role.
    get("/reglages/donnees-sociales", Only(&[Admin])),
    post("/reglages/donnees-sociales", Only(&[Admin])),
    get("/reglages/donnees-sociales/desactiver", Only(&[Admin])),
    post("/reglages/donnees-sociales/desactiver", Only(&[Admin])),
    post("/reglages/donnees-sociales/lecteurs", Only(&[Admin])),
    post(
        "/reglages/donnees-sociales/lecteurs/{id}/retirer",
        Only(&[Admin]),
    )
    .at("/reglages/donnees-sociales/lecteurs/{user}/retirer"),
    get("/entreprises/{siren}/donnees-sociales", Only(&[]))
        .at("/entreprises/{own_company}/donnees-sociales")
        .elsewhere("/entreprises/{other_company}/donnees-sociales"),
    // Companies and contacts.
    get("/", Person),
    get("/entreprises", Only(NOT_ELECTED)),
    get("/entreprises/export.csv", Only(&[Admin, Staff])),
    get("/entreprises/export.xlsx", Only(&[Admin, Staff])),
    get("/entreprises/{siren}", Only(NOT_ELECTED))
        .at("/entreprises/{own_company}")
        .elsewhere("/entreprises/{other_company}"),
    get("/entreprises/{siren}/fiche", Only(NOT_ELECTED))
        .at("/entreprises/{own_company}/fiche")
        .elsewhere("/entreprises/{other_company}/fiche"),
    get("/entreprises/{siren}/fiche.pdf", Only(NOT_ELECTED))
        .at("/entreprises/{own_company}/fiche.pdf")
        .elsewhere("/entreprises/{other_company}/fiche.pdf"),
    get("/recherche", Person),
    get(
        "/entreprises/{siren}/contacts/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/contacts/nouveau")
    .elsewhere("/entreprises/{other_company}/contacts/nouveau"),
    post(
        "/entreprises/{siren}/contacts/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/contacts/nouveau")
    .elsewhere("/entreprises/{other_company}/contacts/nouveau"),
    get("/contacts/{id}", Only(&[Staff, Adviser]))
        .at("/contacts/{own_contact}")
        .elsewhere("/contacts/{other_contact}"),
    post("/contacts/{id}", Only(&[Staff, Adviser]))
        .at("/contacts/{own_contact}")
        .elsewhere("/contacts/{other_contact}"),
    post("/contacts/{id}/archiver", Only(&[Staff, Adviser]))
        .at("/contacts/{own_contact}/archiver")
        .elsewhere("/contacts/{other_contact}/archiver"),
    post("/contacts/{id}/retablir", Only(&[Staff, Adviser]))
        .at("/contacts/{own_contact}/retablir")
        .elsewhere("/contacts/{other_contact}/retablir"),
    get("/contacts/{id}/effacer", Only(&[Staff])).at("/contacts/{own_contact}/effacer"),
    post("/contacts/{id}/effacer", Only(&[Staff])).at("/contacts/{own_contact}/effacer"),
    get("/contacts/{id}/donnees", Only(&[Staff])).at("/contacts/{own_contact}/donnees"),
    get("/contacts/{id}/donnees.json", Only(&[Staff])).at("/contacts/{own_contact}/donnees.json"),
    get("/contacts/anciens", Only(&[Staff])),
    // Partners. An adviser changes people of their own organisation only, see `organisations`: this
    // one is not theirs.
    get("/organismes", Only(NOT_ELECTED)),
    get("/organismes/nouveau", Only(&[Staff, Admin])),
    post("/organismes/nouveau", Only(&[Staff, Admin])),
    get("/organismes/{id}", Only(NOT_ELECTED)).at("/organismes/{organisation}"),
    get("/organismes/{id}/modifier", Only(&[Staff, Admin]))
        .at("/organismes/{organisation}/modifier"),
    post("/organismes/{id}/modifier", Only(&[Staff, Admin]))
        .at("/organismes/{organisation}/modifier"),
    post("/organismes/{id}/archiver", Only(&[Staff, Admin]))
        .at("/organismes/{organisation}/archiver"),
    post("/organismes/{id}/retablir", Only(&[Staff, Admin]))
        .at("/organismes/{organisation}/retablir"),
    get("/organismes/{id}/personnes/nouvelle", Only(NOT_ELECTED))
        .at("/organismes/{own_organisation}/personnes/nouvelle")
        .elsewhere("/organismes/{organisation}/personnes/nouvelle"),
    post("/organismes/{id}/personnes/nouvelle", Only(NOT_ELECTED))
        .at("/organismes/{own_organisation}/personnes/nouvelle")
        .elsewhere("/organismes/{organisation}/personnes/nouvelle"),
    get("/personnes/{id}", Only(NOT_ELECTED))
        .at("/personnes/{own_person}")
        .elsewhere("/personnes/{person}"),
    post("/personnes/{id}", Only(NOT_ELECTED))
        .at("/personnes/{own_person}")
        .elsewhere("/personnes/{person}"),
    post("/personnes/{id}/archiver", Only(NOT_ELECTED))
        .at("/personnes/{own_person}/archiver")
        .elsewhere("/personnes/{person}/archiver"),
    post("/personnes/{id}/retablir", Only(NOT_ELECTED))
        .at("/personnes/{own_person}/retablir")
        .elsewhere("/personnes/{person}/retablir"),
    get("/personnes/{id}/effacer", Only(&[Staff])).at("/personnes/{person}/effacer"),
    post("/personnes/{id}/effacer", Only(&[Staff])).at("/personnes/{person}/effacer"),
    get("/personnes/{id}/donnees", Only(&[Staff])).at("/personnes/{person}/donnees"),
    get("/personnes/{id}/donnees.json", Only(&[Staff])).at("/personnes/{person}/donnees.json"),
    // Facts, signals, the view on the level.
    get("/entreprises/{siren}/faits", Only(&[Staff, Adviser]))
        .at("/entreprises/{own_company}/faits")
        .elsewhere("/entreprises/{other_company}/faits"),
    get("/entreprises/{siren}/comptes/nouveau", Only(&[Staff]))
        .at("/entreprises/{own_company}/comptes/nouveau"),
    post("/entreprises/{siren}/comptes/nouveau", Only(&[Staff]))
        .at("/entreprises/{own_company}/comptes/nouveau"),
    get(REMOVE, Only(&[Staff])).at(TYPED),
    post(REMOVE, Only(&[Staff])).at(TYPED),
    get(
        "/entreprises/{siren}/signaux/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/signaux/nouveau")
    .elsewhere("/entreprises/{other_company}/signaux/nouveau"),
    post(
        "/entreprises/{siren}/signaux/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/signaux/nouveau")
    .elsewhere("/entreprises/{other_company}/signaux/nouveau"),
    // An adviser withdraws their own only, see `signals`: this one is not theirs.
    get("/signaux/{id}/retirer", Only(&[Staff])).at("/signaux/{own_signal}/retirer"),
    post("/signaux/{id}/retirer", Only(&[Staff])).at("/signaux/{own_signal}/retirer"),
    get("/entreprises/{siren}/niveau", Only(&[Staff])).at("/entreprises/{own_company}/niveau"),
    post("/entreprises/{siren}/niveau", Only(&[Staff])).at("/entreprises/{own_company}/niveau"),
    post("/entreprises/{siren}/niveau/retirer", Only(&[Staff]))
        .at("/entreprises/{own_company}/niveau/retirer"),
    // Groups.
    get("/groupes/{id}", Only(NOT_ELECTED))
        .at("/groupes/{own_group}")
        .elsewhere("/groupes/{other_group}"),
    get("/entreprises/{siren}/groupe", Only(&[Staff])).at("/entreprises/{own_company}/groupe"),
    post("/entreprises/{siren}/groupe", Only(&[Staff])).at("/entreprises/{own_company}/groupe"),
    post("/entreprises/{siren}/groupe/quitter", Only(&[Staff]))
        .at("/entreprises/{own_company}/groupe/quitter"),
    // Meetings. An adviser changes their own only, see `meetings`: these are not theirs.
    get("/rencontres", Only(&[Staff, Adviser])),
    get("/rencontres/a-faire", Only(&[Staff, Adviser])),
    get("/rencontres/nouvelle", Only(&[Staff, Adviser])),
    get(
        "/entreprises/{siren}/rencontres/nouvelle",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/rencontres/nouvelle")
    .elsewhere("/entreprises/{other_company}/rencontres/nouvelle"),
    post(
        "/entreprises/{siren}/rencontres/nouvelle",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/rencontres/nouvelle")
    .elsewhere("/entreprises/{other_company}/rencontres/nouvelle"),
    get("/rencontres/{id}", Only(&[Staff, Adviser]))
        .at("/rencontres/{own_meeting}")
        .elsewhere("/rencontres/{other_meeting}"),
    get("/rencontres/{id}/confidentiel", Only(&[Staff, Adviser]))
        .at("/rencontres/{own_meeting}/confidentiel")
        .elsewhere("/rencontres/{other_meeting}/confidentiel"),
    post("/rencontres/{id}/annuler", Only(&[Staff, Adviser]))
        .at("/rencontres/{own_meeting}/annuler")
        .elsewhere("/rencontres/{other_meeting}/annuler"),
    get("/rencontres/{id}/modifier", Only(&[Staff])).at("/rencontres/{own_meeting}/modifier"),
    post("/rencontres/{id}/modifier", Only(&[Staff])).at("/rencontres/{own_meeting}/modifier"),
    post("/suites/{id}/faite", Only(&[Staff])).at("/suites/{own_step}/faite"),
    get(
        "/entreprises/{siren}/rencontres/plus-haut-niveau",
        Only(&[Staff]),
    )
    .at("/entreprises/{own_company}/rencontres/plus-haut-niveau"),
    post(
        "/entreprises/{siren}/rencontres/plus-haut-niveau",
        Only(&[Staff]),
    )
    .at("/entreprises/{own_company}/rencontres/plus-haut-niveau"),
    post("/rencontres/{id}/decommander", Only(&[Staff]))
        .at("/rencontres/{top_meeting}/decommander"),
    get("/rencontres/{id}/inviter", Only(&[Staff])).at("/rencontres/{top_meeting}/inviter"),
    post("/rencontres/{id}/inviter", Only(&[Staff])).at("/rencontres/{top_meeting}/inviter"),
    get("/rencontres/{id}/replanifier", Only(&[Staff])).at("/rencontres/{top_meeting}/replanifier"),
    post("/rencontres/{id}/replanifier", Only(&[Staff]))
        .at("/rencontres/{top_meeting}/replanifier"),
    get("/rencontres/{id}/prevenir/{quoi}", Only(&[Staff]))
        .at("/rencontres/{top_meeting}/prevenir/changement"),
    post("/rencontres/{id}/prevenir/{quoi}", Only(&[Staff]))
        .at("/rencontres/{top_meeting}/prevenir/annulation"),
    get("/rencontres/{id}/preparation", Only(&[Staff])).at("/rencontres/{top_meeting}/preparation"),
    get("/rencontres/{id}/preparation.pdf", Only(&[Staff]))
        .at("/rencontres/{top_meeting}/preparation.pdf"),
    post("/rencontres/{id}/preparation", Only(&[Staff]))
        .at("/rencontres/{top_meeting}/preparation"),
    get("/rencontres/{id}/entretien", Only(&[Staff])).at("/rencontres/{top_meeting}/entretien"),
    post("/rencontres/{id}/entretien", Only(&[Staff])).at("/rencontres/{top_meeting}/entretien"),
    get("/besoins/{id}/abandonner", Only(&[Staff])).at("/besoins/{need}/abandonner"),
    post("/besoins/{id}/abandonner", Only(&[Staff])).at("/besoins/{need}/abandonner"),
    post("/besoins/{id}/reprendre", Only(&[Staff])).at("/besoins/{need}/reprendre"),
    get("/entreprises/{siren}/diagnostic", Only(&[Staff]))
        .at("/entreprises/{own_company}/diagnostic"),
    post("/entreprises/{siren}/diagnostic", Only(&[Staff]))
        .at("/entreprises/{own_company}/diagnostic"),
    // Alerts.
    // Workshops: an adviser sees those of their territories.
    get("/ateliers", Only(&[Staff, Adviser])),
    get("/ateliers/nouveau", Only(&[Staff])),
    post("/ateliers/nouveau", Only(&[Staff])),
    get("/ateliers/{id}", Only(&[Staff, Adviser]))
        .at("/ateliers/{own_workshop}")
        .elsewhere("/ateliers/{other_workshop}"),
    get("/ateliers/{id}/modifier", Only(&[Staff])).at("/ateliers/{own_workshop}/modifier"),
    post("/ateliers/{id}/modifier", Only(&[Staff])).at("/ateliers/{own_workshop}/modifier"),
    get("/ateliers/{id}/annuler", Only(&[Staff])).at("/ateliers/{own_workshop}/annuler"),
    post("/ateliers/{id}/annuler", Only(&[Staff])).at("/ateliers/{own_workshop}/annuler"),
    get("/ateliers/{id}/reprendre", Only(&[Staff])).at("/ateliers/{own_workshop}/reprendre"),
    post("/ateliers/{id}/reprendre", Only(&[Staff])).at("/ateliers/{own_workshop}/reprendre"),
    get("/ateliers/{id}/ordre-du-jour", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/ordre-du-jour"),
    post("/ateliers/{id}/ordre-du-jour", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/ordre-du-jour"),
    post(
        "/ateliers/{id}/ordre-du-jour/{siren}/{geste}",
        Only(&[Staff]),
    )
    .at("/ateliers/{own_workshop}/ordre-du-jour/{own_company}/monter"),
    get("/ateliers/{id}/fiches", Only(&[Staff])).at("/ateliers/{own_workshop}/fiches"),
    get("/ateliers/{id}/invites", Only(&[Staff])).at("/ateliers/{own_workshop}/invites"),
    post("/ateliers/{id}/invites", Only(&[Staff])).at("/ateliers/{own_workshop}/invites"),
    get("/ateliers/{id}/invites/{guest}", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/invites/{guest}"),
    post("/ateliers/{id}/invites/{guest}", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/invites/{guest}"),
    post("/ateliers/{id}/invites/{guest}/retirer", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/invites/{guest}/retirer"),
    get("/ateliers/{id}/envoyer/{quoi}", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/envoyer/invitations"),
    post("/ateliers/{id}/envoyer/{quoi}", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/envoyer/invitations"),
    get("/ateliers/{id}/presences", Only(&[Staff])).at("/ateliers/{own_workshop}/presences"),
    post("/ateliers/{id}/presences/{guest}", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/presences/{guest}"),
    get("/ateliers/{id}/decider", Only(&[Staff, Adviser]))
        .at("/ateliers/{own_workshop}/decider")
        .elsewhere("/ateliers/{other_workshop}/decider"),
    get(
        "/ateliers/{id}/entreprises/{siren}",
        Only(&[Staff, Adviser]),
    )
    .at("/ateliers/{own_workshop}/entreprises/{own_company}")
    .elsewhere("/ateliers/{other_workshop}/entreprises/{other_company}"),
    post(
        "/ateliers/{id}/entreprises/{siren}/saisies",
        Only(&[Staff, Adviser]),
    )
    .at("/ateliers/{own_workshop}/entreprises/{own_company}/saisies")
    .elsewhere("/ateliers/{other_workshop}/entreprises/{other_company}/saisies"),
    post(
        "/ateliers/{id}/entreprises/{siren}/decisions",
        Only(&[Staff]),
    )
    .at("/ateliers/{own_workshop}/entreprises/{own_company}/decisions"),
    // An adviser changes what their own organisation said.
    get("/ateliers/{id}/saisies/{entry}", Only(&[Staff, Adviser]))
        .at("/ateliers/{own_workshop}/saisies/{entry}")
        .elsewhere("/ateliers/{other_workshop}/saisies/{other_entry}"),
    post("/ateliers/{id}/saisies/{entry}", Only(&[Staff, Adviser]))
        .at("/ateliers/{own_workshop}/saisies/{entry}")
        .elsewhere("/ateliers/{other_workshop}/saisies/{other_entry}"),
    get("/ateliers/{id}/compte-rendu", Only(&[Staff, Adviser]))
        .at("/ateliers/{own_workshop}/compte-rendu")
        .elsewhere("/ateliers/{other_workshop}/compte-rendu"),
    post("/ateliers/{id}/compte-rendu", Only(&[Staff])).at("/ateliers/{own_workshop}/compte-rendu"),
    get("/ateliers/{id}/compte-rendu.pdf", Only(&[Staff, Adviser]))
        .at("/ateliers/{own_workshop}/compte-rendu.pdf")
        .elsewhere("/ateliers/{other_workshop}/compte-rendu.pdf"),
    get("/ateliers/{id}/compte-rendu/envoyer", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/compte-rendu/envoyer"),
    post("/ateliers/{id}/compte-rendu/envoyer", Only(&[Staff]))
        .at("/ateliers/{own_workshop}/compte-rendu/envoyer"),
    get("/decisions/{id}", Only(&[Staff, Adviser]))
        .at("/decisions/{decision}")
        .elsewhere("/decisions/{other_decision}"),
    post("/decisions/{id}", Only(&[Staff, Adviser]))
        .at("/decisions/{decision}")
        .elsewhere("/decisions/{other_decision}"),
    get("/invitation/{token}", Anyone).at("/invitation/{secret}"),
    post("/invitation/{token}", Anyone).at("/invitation/{secret}"),
    get("/alertes", Only(&[Staff])),
    post("/alertes/confier", Only(&[Staff])),
    get("/alertes/{id}", Only(&[Staff])).at("/alertes/{alert}"),
    post("/alertes/{id}/prendre", Only(&[Staff])).at("/alertes/{alert}/prendre"),
    post("/alertes/{id}/confier", Only(&[Staff])).at("/alertes/{alert}/confier"),
    post("/alertes/{id}/attendre", Only(&[Staff])).at("/alertes/{alert}/attendre"),
    post("/alertes/{id}/classer", Only(&[Staff])).at("/alertes/{alert}/classer"),
    post("/alertes/{id}/rattacher", Only(&[Staff])).at("/alertes/{alert}/rattacher"),
    post("/alertes/{id}/rouvrir", Only(&[Staff])).at("/alertes/{alert}/rouvrir"),
    post("/alertes/{id}/avis", Only(&[Staff])).at("/alertes/{alert}/avis"),
    // Plans and their actions.
    get("/entreprises/{siren}/plan", Only(&[Staff, Adviser]))
        .at("/entreprises/{own_company}/plan")
        .elsewhere("/entreprises/{other_company}/plan"),
    post("/entreprises/{siren}/plan", Only(&[Staff])).at("/entreprises/{own_company}/plan"),
    get("/plans/{id}", Only(&[Staff, Adviser]))
        .at("/plans/{own_plan}")
        .elsewhere("/plans/{other_plan}"),
    get("/plans/{id}/modifier", Only(&[Staff])).at("/plans/{own_plan}/modifier"),
    post("/plans/{id}/modifier", Only(&[Staff])).at("/plans/{own_plan}/modifier"),
    get("/plans/{id}/clore", Only(&[Staff])).at("/plans/{own_plan}/clore"),
    post("/plans/{id}/clore", Only(&[Staff])).at("/plans/{own_plan}/clore"),
    get("/plans/{id}/reprendre", Only(&[Staff])).at("/plans/{own_plan}/reprendre"),
    post("/plans/{id}/reprendre", Only(&[Staff])).at("/plans/{own_plan}/reprendre"),
    get("/entreprises/{siren}/plan/actions/nouvelle", Only(&[Staff]))
        .at("/entreprises/{own_company}/plan/actions/nouvelle"),
    post("/entreprises/{siren}/plan/actions/nouvelle", Only(&[Staff]))
        .at("/entreprises/{own_company}/plan/actions/nouvelle"),
    get("/besoins/{id}/action", Only(&[Staff])).at("/besoins/{need}/action"),
    get("/actions", Only(&[Staff, Adviser])),
    get("/actions/export.csv", Only(&[Staff])),
    get("/actions/export.xlsx", Only(&[Staff])),
    get("/actions/{id}", Only(&[Staff, Adviser]))
        .at("/actions/{own_action}")
        .elsewhere("/actions/{other_action}"),
    get("/actions/{id}/modifier", Only(&[Staff])).at("/actions/{own_action}/modifier"),
    post("/actions/{id}/modifier", Only(&[Staff])).at("/actions/{own_action}/modifier"),
    get("/actions/{id}/etat/{quoi}", Only(&[Staff, Adviser]))
        .at("/actions/{own_action}/etat/bloquee")
        .elsewhere("/actions/{other_action}/etat/bloquee"),
    post("/actions/{id}/etat/{quoi}", Only(&[Staff, Adviser]))
        .at("/actions/{own_action}/etat/bloquee")
        .elsewhere("/actions/{other_action}/etat/bloquee"),
    post("/actions/{id}/etapes", Only(&[Staff, Adviser]))
        .at("/actions/{own_action}/etapes")
        .elsewhere("/actions/{other_action}/etapes"),
    post("/etapes/{id}/cocher", Only(&[Staff, Adviser]))
        .at("/etapes/{own_action}/cocher")
        .elsewhere("/etapes/{other_action}/cocher"),
    post("/actions/{id}/notes", Only(&[Staff, Adviser]))
        .at("/actions/{own_action}/notes")
        .elsewhere("/actions/{other_action}/notes"),
    post("/actions/{id}/documents", Only(&[Staff, Adviser]))
        .at("/actions/{own_action}/documents")
        .elsewhere("/actions/{other_action}/documents"),
    get("/documents/{id}", Only(&[Staff, Adviser]))
        .at("/documents/{own_action}")
        .elsewhere("/documents/{other_action}"),
    get("/documents/{id}/retirer", Only(&[Staff, Adviser]))
        .at("/documents/{own_action}/retirer")
        .elsewhere("/documents/{other_action}/retirer"),
    post("/documents/{id}/retirer", Only(&[Staff, Adviser]))
        .at("/documents/{own_action}/retirer")
        .elsewhere("/documents/{other_action}/retirer"),
    post("/actions/{id}/financeurs", Only(&[Staff])).at("/actions/{own_action}/financeurs"),
    post("/financeurs/{id}/retirer", Only(&[Staff])).at("/financeurs/{own_action}/retirer"),
    // Needs, offers, introductions.
    get("/mises-en-relation", Only(&[Staff, Adviser])),
    get("/mises-en-relation/export.csv", Only(&[Staff])),
    get("/mises-en-relation/{id}", Only(&[Staff, Adviser]))
        .at("/mises-en-relation/{own_entry}")
        .elsewhere("/mises-en-relation/{foreign_entry}"),
    get(
        "/mises-en-relation/{id}/etat/{quoi}",
        Only(&[Staff, Adviser]),
    )
    .at("/mises-en-relation/{own_entry}/etat/rencontre")
    .elsewhere("/mises-en-relation/{foreign_entry}/etat/rencontre"),
    post(
        "/mises-en-relation/{id}/etat/{quoi}",
        Only(&[Staff, Adviser]),
    )
    .at("/mises-en-relation/{own_entry}/etat/rencontre")
    .elsewhere("/mises-en-relation/{foreign_entry}/etat/rencontre"),
    get("/besoins/{id}/chercher", Only(&[Staff])).at("/besoins/{need}/chercher"),
    get(
        "/entreprises/{siren}/besoins-et-offres/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/besoins-et-offres/nouveau")
    .elsewhere("/entreprises/{other_company}/besoins-et-offres/nouveau"),
    post(
        "/entreprises/{siren}/besoins-et-offres/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/besoins-et-offres/nouveau")
    .elsewhere("/entreprises/{other_company}/besoins-et-offres/nouveau"),
    get(
        "/organismes/{id}/besoins-et-offres/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/organismes/{own_organisation}/besoins-et-offres/nouveau")
    .elsewhere("/organismes/{organisation}/besoins-et-offres/nouveau"),
    post(
        "/organismes/{id}/besoins-et-offres/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/organismes/{own_organisation}/besoins-et-offres/nouveau")
    .elsewhere("/organismes/{organisation}/besoins-et-offres/nouveau"),
    get("/besoins-et-offres/{id}", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}")
        .elsewhere("/besoins-et-offres/{foreign_entry}"),
    get("/besoins-et-offres/{id}/modifier", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}/modifier")
        .elsewhere("/besoins-et-offres/{foreign_entry}/modifier"),
    post("/besoins-et-offres/{id}/modifier", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}/modifier")
        .elsewhere("/besoins-et-offres/{foreign_entry}/modifier"),
    get("/besoins-et-offres/{id}/clore", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}/clore")
        .elsewhere("/besoins-et-offres/{foreign_entry}/clore"),
    post("/besoins-et-offres/{id}/clore", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}/clore")
        .elsewhere("/besoins-et-offres/{foreign_entry}/clore"),
    get("/besoins-et-offres/{id}/proposer", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}/proposer")
        .elsewhere("/besoins-et-offres/{foreign_entry}/proposer"),
    post("/besoins-et-offres/{id}/proposer", Only(&[Staff, Adviser]))
        .at("/besoins-et-offres/{own_entry}/proposer")
        .elsewhere("/besoins-et-offres/{foreign_entry}/proposer"),
    // Customers and suppliers.
    get(
        "/entreprises/{siren}/clients-et-fournisseurs/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/clients-et-fournisseurs/nouveau")
    .elsewhere("/entreprises/{other_company}/clients-et-fournisseurs/nouveau"),
    post(
        "/entreprises/{siren}/clients-et-fournisseurs/nouveau",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/clients-et-fournisseurs/nouveau")
    .elsewhere("/entreprises/{other_company}/clients-et-fournisseurs/nouveau"),
    get(
        "/entreprises/{siren}/clients-et-fournisseurs/{id}/modifier",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/clients-et-fournisseurs/{own_link}/modifier")
    .elsewhere("/entreprises/{other_company}/clients-et-fournisseurs/{foreign_link}/modifier"),
    post(
        "/entreprises/{siren}/clients-et-fournisseurs/{id}/modifier",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/clients-et-fournisseurs/{own_link}/modifier")
    .elsewhere("/entreprises/{other_company}/clients-et-fournisseurs/{foreign_link}/modifier"),
    get(
        "/entreprises/{siren}/clients-et-fournisseurs/{id}/terminer",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/clients-et-fournisseurs/{own_link}/terminer")
    .elsewhere("/entreprises/{other_company}/clients-et-fournisseurs/{foreign_link}/terminer"),
    post(
        "/entreprises/{siren}/clients-et-fournisseurs/{id}/terminer",
        Only(&[Staff, Adviser]),
    )
    .at("/entreprises/{own_company}/clients-et-fournisseurs/{own_link}/terminer")
    .elsewhere("/entreprises/{other_company}/clients-et-fournisseurs/{foreign_link}/terminer"),
    // Territories.
    get("/territoires", Person),
    get("/territoires/{siren}/communes", Person)
        .at("/territoires/{own_territory}/communes")
        .elsewhere("/territoires/{other_territory}/communes"),
    // The five places, the candidates, impact.
    get("/territoires/{siren}", Person)
        .at("/territoires/{own_territory}")
        .elsewhere("/territoires/{other_territory}"),
    get("/territoires/{siren}/vivier", Only(NOT_ELECTED))
        .at("/territoires/{own_territory}/vivier")
        .elsewhere("/territoires/{other_territory}/vivier"),
    get("/territoires/{siren}/comparer", Only(NOT_ELECTED))
        .at("/territoires/{own_territory}/comparer")
        .elsewhere("/territoires/{other_territory}/comparer"),
    get("/territoires/{siren}/places/choisir", Only(&[Staff]))
        .at("/territoires/{own_territory}/places/choisir?siret={own_establishment}"),
    post("/territoires/{siren}/places/choisir", Only(&[Staff]))
        .at("/territoires/{own_territory}/places/choisir"),
    post("/territoires/{siren}/places/remplacer", Only(&[Staff]))
        .at("/territoires/{own_territory}/places/remplacer"),
    get("/entreprises-cles/{id}/remplacer", Only(&[Staff])).at("/entreprises-cles/{key}/remplacer"),
    get("/entreprises-cles/{id}/liberer", Only(&[Staff])).at("/entreprises-cles/{key}/liberer"),
    post("/entreprises-cles/{id}/liberer", Only(&[Staff])).at("/entreprises-cles/{key}/liberer"),
    get("/entreprises-cles/{id}/deplacer", Only(&[Staff])).at("/entreprises-cles/{key}/deplacer"),
    post("/entreprises-cles/{id}/deplacer", Only(&[Staff])).at("/entreprises-cles/{key}/deplacer"),
    get("/entreprises-cles/{id}/referent", Only(&[Staff])).at("/entreprises-cles/{key}/referent"),
    post("/entreprises-cles/{id}/referent", Only(&[Staff])).at("/entreprises-cles/{key}/referent"),
    get("/entreprises/{siren}/impact", Only(NOT_ELECTED))
        .at("/entreprises/{own_company}/impact")
        .elsewhere("/entreprises/{other_company}/impact"),
    get("/etablissements/{siret}/impact/{critere}", Only(&[Staff]))
        .at("/etablissements/{own_establishment}/impact/ancrage"),
    post("/etablissements/{siret}/impact/{critere}", Only(&[Staff]))
        .at("/etablissements/{own_establishment}/impact/ancrage"),
    get("/reglages/criteres", Only(&[Staff])),
    post("/reglages/criteres", Only(&[Staff])),
];

/// Two territories, the first one the adviser's, with one company in each.
const OWN: &str = "000000034";
const OTHER: &str = "000000042";

/// An import that waits for its confirmation.
const IMPORT: &str = "01935000-0000-7000-8000-000000000001";

/// A mail that was kept, and the job that gave up.
/// One of each territory, and a guest of both.
const WORKSHOPS: [&str; 3] = [
    "01935000-0000-7000-8000-000000000011",
    "01935000-0000-7000-8000-000000000012",
    "01935000-0000-7000-8000-000000000013",
];
const MAIL: &str = "01935000-0000-7000-8000-000000000004";
const JOB: &str = "01935000-0000-7000-8000-000000000005";

/// An alert that nobody took.
const ALERT: &str = "01935000-0000-7000-8000-000000000002";

/// Real objects for the addresses.
struct Fixture {
    user: Uuid,
    link: String,
    key: Uuid,
    /// That of everyone signed in here.
    own_organisation: Uuid,
    own_person: Uuid,
}

impl Fixture {
    #[expect(
        clippy::too_many_lines,
        reason = "one fixture, in the order of its keys"
    )]
    async fn new(app: &TestApp) -> Self {
        let mut conn = app.state.pool.acquire().await.expect("a connection");
        sqlx::raw_sql(
            "insert into territories (siren, name, short_name, kind, departments,
                                      population_total, municipalities_total)
             values ('000000034', 'CC EXEMPLE Nord', 'EXEMPLE Nord', 'CC', '{81}', 1000, 1),
                    ('000000042', 'CC EXEMPLE Sud', 'EXEMPLE Sud', 'CC', '{81}', 1000, 1);
             insert into municipalities (insee_code, name, department)
             values ('81998', 'EXEMPLE-le-Haut', '81'), ('81999', 'EXEMPLE-le-Bas', '81');
             insert into territory_memberships (insee_code, territory_siren, period)
             values ('81998', '000000034', '[2020-01-01,)'), ('81999', '000000042', '[2020-01-01,)');
             insert into imports (id, kind, status, label, source, source_date, created_at, created_by_name,
                                  fingerprint, files)
             values ('01935000-0000-7000-8000-000000000001', 'sirene', 'ready', 'EXEMPLE', 'essai',
                     '2026-01-01', '2026-01-01', 'EXEMPLE', '',
                     '[{\"name\": \"e.csv\", \"size\": 1, \"layout\": \"\", \"description\": \"\", \"recognised\": [],
                        \"ignored\": [], \"lines\": 1, \"titles\": [\"siret\"]}]');
             insert into companies (siren, diffusible, is_person, name, active, source, source_date)
             values ('000000018', true, false, 'EXEMPLE Nord SAS', true, 'essai', '2026-01-01'),
                    ('000000026', true, false, 'EXEMPLE Sud SAS', true, 'essai', '2026-01-01');
             insert into establishments (siret, siren, diffusible, is_head_office, active,
                                         insee_code, source, source_date)
             values ('00000001800018', '000000018', true, true, true, '81998', 'essai', '2026-01-01'),
                    ('00000002600011', '000000026', true, true, true, '81999', 'essai', '2026-01-01');
             update companies set local_siret = '00000001800018' where siren = '000000018';
             update companies set local_siret = '00000002600011' where siren = '000000026';
             insert into contacts (id, siren, full_name)
             values ('00000000-0000-7000-8000-000000000001', '000000018', 'EXEMPLE Nord contact'),
                    ('00000000-0000-7000-8000-000000000002', '000000026', 'EXEMPLE Sud contact');
             insert into company_groups (id, name, created_at)
             values ('00000000-0000-7000-8000-000000000004', 'EXEMPLE Nord', '2026-01-01'),
                    ('00000000-0000-7000-8000-000000000005', 'EXEMPLE Sud', '2026-01-01');
             insert into group_members (id, group_id, siren, source, joined_on, joined_by)
             values (gen_random_uuid(), '00000000-0000-7000-8000-000000000004', '000000018', 'essai', '2026-01-01', 'EXEMPLE'),
                    (gen_random_uuid(), '00000000-0000-7000-8000-000000000005', '000000026', 'essai', '2026-01-01', 'EXEMPLE');
             insert into organisations (id, name, kind)
             values ('00000000-0000-7000-8000-000000000005', 'EXEMPLE Banque', 'bank');
             insert into partner_people (id, organisation_id, full_name)
             values ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000005',
                     'EXEMPLE Banque personne');
             insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, completeness,
                                           state, is_sudden, cause, inputs, inputs_hash, explanation)
             values ('000000018', '2026-01-01', '2026-01-01', 'essai', '1', 80, 'none', false, 'Essai.', '{}', 'x',
                     '{\"sentence\": \"Essai.\", \"max_points\": 100, \"thresholds\": [25, 45, 65],
                       \"factors\": [], \"themes\": [], \"causes\": [], \"past\": [], \"landmarks\": [],
                       \"cautions\": []}');
             insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure)
             select '01935000-0000-7000-8000-000000000002', '000000018', '2026-01-01', id, id, 'high', false
             from risk_assessments where inputs_hash = 'x';
             insert into mails (id, kind, to_address, to_name, subject, text, html, confidentiality, status, created_at)
             values ('01935000-0000-7000-8000-000000000004', 'password_changed', 'a@essai.example', 'Essai',
                     'Essai', 'Essai', '', 'open', 'kept', '2026-01-01');
             insert into jobs (id, kind, payload, run_at, parked_at, attempts)
             values ('01935000-0000-7000-8000-000000000005', 'upkeep', 'null', '2026-01-01', '2026-01-01', 8);",
        )
        .execute(&mut *conn)
        .await
        .expect("the fixture");
        let user = app.sign_in(Staff, &[]).await.user_id;
        let (own_organisation, own_person) =
            (organisation_of(&mut conn, user).await, Uuid::now_v7());
        sqlx::query(
            "insert into partner_people (id, organisation_id, full_name) values ($1, $2, 'EXEMPLE')",
        )
        .bind(own_person)
        .bind(own_organisation)
        .execute(&mut *conn)
        .await
        .expect("a person");
        let key = Uuid::now_v7();
        sqlx::query(
            "insert into key_companies (id, territory_siren, siren, siret, slot, referent_id,
                                        entered_on, entry_motive)
             values ($1, $2, '000000026', '00000002600011', 1, $3, '2026-01-01', 'Motif d’essai.')",
        )
        .bind(key)
        .bind(OTHER)
        .bind(user)
        .execute(&mut *conn)
        .await
        .expect("a key company");
        for statement in [
            "update mails set user_id = $1, kind = 'digest',
               unsubscribe_hash = sha256(repeat('ab', 32)::bytea)",
            "insert into calendar_feeds (user_id, token_hash, created_at)
             values ($1, sha256(repeat('ab', 32)::bytea), '2026-01-01')",
        ] {
            sqlx::query(statement)
                .bind(user)
                .execute(&mut *conn)
                .await
                .expect("secret addresses");
        }
        sqlx::query(
            "insert into signals (id, siren, kind, observed_on, motive, expires_on, author_id, author_name,
                                  created_at)
             values ('00000000-0000-7000-8000-000000000003', '000000018', 'bank', '2026-11-01',
                     'Motif d’essai.', '2027-05-01', $1, 'EXEMPLE', '2026-11-01')",
        )
        .bind(user)
        .execute(&mut *conn)
        .await
        .expect("a signal");
        sqlx::query(
            r#"insert into facts (kind, key, siren, happened_on, content, author_id, source, source_date)
               values ('accounts', '000000018/2024-12-31/C/saisie', '000000018', '2024-12-31',
                 '{"siren": "000000018", "closed_on": "2024-12-31", "deposited_on": null,
                   "kind": "complete", "confidentiality": "public", "deleted": false, "months": 12,
                   "previous_months": null, "lines": {"EE": {"n": 1000, "previous": null}}}',
                 $1, 'Saisie', '2026-11-01')"#,
        )
        .bind(user)
        .execute(&mut *conn)
        .await
        .expect("typed accounts");
        let content = r#"{"evening":"2026-09-30","before":"2025-09-30","settings":{"kept_share":80,
            "followed_target":100,"maintained_target":90},"comment":null,"total":{},"total_before":{},
            "lines":[]}"#;
        sqlx::query(
            "insert into indicator_snapshots (id, evening, is_quarter, taken_at, taken_by_name, content, hash)
             values ('00000000-0000-7000-8000-0000000000e1', '2026-09-30', true, '2026-10-01', 'Vigie', $1,
                     encode(sha256(convert_to($1, 'UTF8')), 'hex'))",
        )
        .bind(content)
        .execute(&mut *conn)
        .await
        .expect("a snapshot");
        workshops(&mut conn, user).await;
        meetings(&mut conn, user, own_organisation).await;
        plans(&mut conn, user, own_organisation).await;
        needs(&mut conn, user).await;
        links(&mut conn, user).await;
        let now = app.state.clock.now();
        let link = links::issue(&mut conn, Purpose::Reset, Some(user), now)
            .await
            .expect("a link");
        Self {
            user,
            link: link.as_str().to_owned(),
            key,
            own_organisation,
            own_person,
        }
    }

    fn fill(&self, path: &str, own_session: Uuid) -> String {
        let filled = path
            .replace("{user}", &self.user.to_string())
            .replace("{snapshot}", "00000000-0000-7000-8000-0000000000e1")
            .replace("{link}", &self.link)
            .replace("{key}", &self.key.to_string())
            .replace("{own_session}", &own_session.to_string())
            .replace("{own_group}", "00000000-0000-7000-8000-000000000004")
            .replace("{other_group}", "00000000-0000-7000-8000-000000000005")
            .replace("{import}", IMPORT)
            .replace("{alert}", ALERT)
            .replace("{mail}", MAIL)
            .replace("{secret}", &"ab".repeat(32))
            .replace("{job}", JOB)
            .replace("{own_territory}", OWN)
            .replace("{other_territory}", OTHER)
            .replace("{own_organisation}", &self.own_organisation.to_string())
            .replace("{own_person}", &self.own_person.to_string())
            .replace("{organisation}", "00000000-0000-7000-8000-000000000005")
            .replace("{person}", "00000000-0000-7000-8000-000000000006")
            .replace("{own_contact}", "00000000-0000-7000-8000-000000000001")
            .replace("{other_contact}", "00000000-0000-7000-8000-000000000002")
            .replace("{own_signal}", "00000000-0000-7000-8000-000000000003")
            .replace("{own_workshop}", WORKSHOPS[0])
            .replace("{other_workshop}", WORKSHOPS[1])
            .replace("{guest}", WORKSHOPS[2])
            .replace("{entry}", "01935000-0000-7000-8000-000000000018")
            .replace("{other_entry}", "01935000-0000-7000-8000-000000000026")
            .replace("{decision}", "01935000-0000-7000-8000-000000000118")
            .replace("{other_decision}", "01935000-0000-7000-8000-000000000126")
            .replace("{own_meeting}", "00000000-0000-7000-8000-000000000007")
            .replace("{other_meeting}", "00000000-0000-7000-8000-000000000008")
            .replace("{top_meeting}", "00000000-0000-7000-8000-00000000000a")
            .replace("{need}", "00000000-0000-7000-8000-00000000000b")
            .replace("{own_plan}", "00000000-0000-7000-8000-000000000118")
            .replace("{other_plan}", "00000000-0000-7000-8000-000000000126")
            .replace("{own_action}", "00000000-0000-7000-8000-000000000218")
            .replace("{other_action}", "00000000-0000-7000-8000-000000000226")
            .replace("{own_entry}", "00000000-0000-7000-8000-000000000318")
            .replace("{foreign_entry}", "00000000-0000-7000-8000-000000000326")
            .replace("{own_link}", "00000000-0000-7000-8000-000000000418")
            .replace("{foreign_link}", "00000000-0000-7000-8000-000000000426")
            .replace("{own_step}", "00000000-0000-7000-8000-000000000009")
            .replace("{own_company}", "000000018")
            .replace("{other_company}", "000000026")
            .replace("{own_establishment}", "00000001800018")
            .replace("{other_establishment}", "00000002600011");
        assert!(
            !filled.contains('{'),
            "{path} holds a key that the fixture does not know"
        );
        filled
    }
}

/// A workshop of each territory, with what is below it.
async fn workshops(conn: &mut sqlx::PgConnection, user: Uuid) {
    for (statement, count) in [
            ("insert into workshops (id, title, held_at, duration_minutes, place, territory_siren, organiser_id, created_at)
              select i::uuid, 'Atelier d’essai', '2026-12-03T13:30:00Z', 120, 'Albi', t, $1, '2026-11-01'
              from (values ('01935000-0000-7000-8000-000000000011', '000000034'),
                           ('01935000-0000-7000-8000-000000000012', '000000042')) v(i, t)", 2),
            ("insert into workshop_companies (workshop_id, siren, position, reason)
              select w.id, case w.territory_siren when '000000034' then '000000018' else '000000026' end, 1, 'chosen'
              from workshops w where w.organiser_id = $1", 2),
            ("insert into workshop_guests (id, workshop_id, organisation_id, person_name, person_email, invited_at, created_at)
              select '01935000-0000-7000-8000-000000000013', '01935000-0000-7000-8000-000000000011',
                     '00000000-0000-7000-8000-000000000005', 'EXEMPLE', 'e@essai.example', '2026-11-01', '2026-11-01'
              where $1::uuid is not null", 1),
            ("insert into workshop_links (token_hash, guest_id, created_at)
              select sha256(repeat('ab', 32)::bytea), '01935000-0000-7000-8000-000000000013', '2026-11-01'
              where $1::uuid is not null", 1),
            ("insert into workshop_entries (id, workshop_id, siren, kind, organisation_id, author_id, text, created_at)
              select ('01935000-0000-7000-8000-0000000000' || right(c.siren, 2))::uuid, c.workshop_id, c.siren, 'shared',
                     u.organisation_id, u.id, 'Essai.', '2026-11-01'
              from workshop_companies c, users u where u.id = $1", 2),
            ("insert into workshop_decisions (id, workshop_id, siren, kind, text, owner_organisation_id, due_on, decided_by, decided_at)
              select ('01935000-0000-7000-8000-0000000001' || right(c.siren, 2))::uuid, c.workshop_id, c.siren, 'watch',
                     'Essai.', '00000000-0000-7000-8000-000000000005', '2027-01-01', $1, '2026-11-01'
              from workshop_companies c", 2),
        ] {
            let done = sqlx::query(statement).bind(user).execute(&mut *conn).await.expect(statement);
            assert_eq!(done.rows_affected(), count, "{statement}");
        }
}

/// A customer of a company of each territory, noted by the organisation of everyone here.
async fn links(conn: &mut sqlx::PgConnection, author: Uuid) {
    sqlx::query(
        "insert into supply_links (id, supplier_siren, customer_name, goods, basis, said_on, said_by, author_id,
                                   author_name, written_by, created_at)
         select ('00000000-0000-7000-8000-0000000004' || right(s, 2))::uuid, s, 'EXEMPLE', 'Essai', 'estimate',
                '2026-11-01', u.organisation_id, u.id, u.full_name, u.organisation_id, '2026-11-01'
         from users u, unnest(array['000000018', '000000026']) s where u.id = $1",
    )
    .bind(author)
    .execute(conn)
    .await
    .expect("links");
}

/// A meeting in each territory, written by the organisation of everyone here, and something to come back to.
async fn meetings(conn: &mut sqlx::PgConnection, author: Uuid, organisation: Uuid) {
    sqlx::query(
        "with m as (
           insert into meetings (id, siren, kind, held_on, summary, confidential_text, author_id, author_name,
                                 organisation_id, by_council, created_at)
           values ('00000000-0000-7000-8000-000000000007', '000000018', 'visit', '2026-11-01', 'Essai.', 'Essai.',
                   $1, 'EXEMPLE', $2, false, '2026-11-01'),
                  ('00000000-0000-7000-8000-000000000008', '000000026', 'visit', '2026-11-01', 'Essai.', 'Essai.',
                   $1, 'EXEMPLE', $2, false, '2026-11-01'),
                  ('00000000-0000-7000-8000-00000000000a', '000000018', 'top_level', '2026-11-02', 'Essai.', '',
                   $1, 'EXEMPLE', $2, true, '2026-11-01')
           returning id, siren),
         n as (
           insert into company_needs (id, siren, meeting_id, dossier, need, author_id, author_name, created_at)
           select '00000000-0000-7000-8000-00000000000b', siren, id, 'training', 'Essai.', $1, 'EXEMPLE',
                  '2026-11-02'
           from m where id = '00000000-0000-7000-8000-00000000000a')
         insert into next_steps (id, meeting_id, siren, promise, due_on, owner_id, created_at)
         select '00000000-0000-7000-8000-000000000009', id, siren, 'Essai.', '2026-12-01', $1, '2026-11-01'
         from m where id = '00000000-0000-7000-8000-000000000007'",
    )
    .bind(author)
    .bind(organisation)
    .execute(conn)
    .await
    .expect("meetings");
}

/// A plan in each territory with a shared action, its step and its funder: the own one carried out by the
/// organisation of everyone here, the other one by a bank.
async fn plans(conn: &mut sqlx::PgConnection, user: Uuid, organisation: Uuid) {
    for (statement, count) in [
        (
            "insert into action_plans (id, siren, objective, opened_on, opened_by, created_at)
             select ('00000000-0000-7000-8000-0000000001' || right(siren, 2))::uuid, siren, 'Essai.', '2026-11-01', $1,
                    '2026-11-01'
             from companies where siren in ('000000018', '000000026') and $2::uuid is not null",
            2,
        ),
        (
            "insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, starts_on, due_on,
                                  is_shared, created_by, created_at)
             select ('00000000-0000-7000-8000-0000000002' || right(siren, 2))::uuid, id, 'land', 'support', 'Essai',
                    case siren when '000000018' then $2::uuid else '00000000-0000-7000-8000-000000000005' end,
                    '2026-11-01', '2026-12-01', true, $1, '2026-11-01'
             from action_plans",
            2,
        ),
        (
            "insert into action_steps (id, action_id, position, title)
             select id, id, 1, 'Essai' from actions where $1::uuid is not null and $2::uuid is not null",
            2,
        ),
        (
            "insert into action_funders (id, action_id, typed_name, amount_euros)
             select id, id, 'Essai', 1 from actions where $1::uuid is not null and $2::uuid is not null",
            2,
        ),
        (
            "with d as (
               insert into action_documents (id, action_id, name, media_type, size_bytes, added_by, added_at)
               select id, id, 'Essai.pdf', 'application/pdf', 5, $1, '2026-11-01' from actions returning id)
             insert into action_document_contents (document_id, content)
             select id, '%PDF-' from d where $2::uuid is not null",
            2,
        ),
    ] {
        let done = sqlx::query(statement)
            .bind(user)
            .bind(organisation)
            .execute(&mut *conn)
            .await
            .expect(statement);
        assert_eq!(done.rows_affected(), count, "{statement}");
    }
}

/// A shared need in each territory, written by a bank, about which it is introduced to a bank; both have one key.
async fn needs(conn: &mut sqlx::PgConnection, user: Uuid) {
    for statement in [
        "insert into matching_entries (id, side, siren, theme, text, said_on, is_shared, author_id, author_name,
                                       written_by, created_at)
         select ('00000000-0000-7000-8000-0000000003' || right(c.siren, 2))::uuid, 'need', c.siren, 'skills', 'Essai.',
                '2026-11-01', true, u.id, 'EXEMPLE',
                case c.siren when '000000018' then u.organisation_id else '00000000-0000-7000-8000-000000000005' end,
                '2026-11-01'
         from companies c, users u where c.siren in ('000000018', '000000026') and u.id = $1",
        "insert into introductions (id, need_id, organisation_id, state_on, proposed_on, author_id, author_name, created_at)
         select id, id, '00000000-0000-7000-8000-000000000005', '2026-11-01', '2026-11-01', $1, 'EXEMPLE', '2026-11-01'
         from matching_entries",
    ] {
        let done = sqlx::query(statement).bind(user).execute(&mut *conn).await.expect(statement);
        assert_eq!(done.rows_affected(), 2, "{statement}");
    }
}

async fn organisation_of(conn: &mut sqlx::PgConnection, user: Uuid) -> Uuid {
    sqlx::query_scalar("select organisation_id from users where id = $1")
        .bind(user)
        .fetch_one(conn)
        .await
        .expect("an organisation")
}

/// Posts bear the mark of a form that comes back after an expired session: it passes the door and
/// is shown, but nothing is carried out, so that the walk leaves everything as it was.
async fn ask(client: &mut Client, method: &str, path: &str) -> Page {
    let body = if method == "POST" { "_reprise=1" } else { "" };
    let request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).expect("a method"))
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    client.send(request).await
}

fn passes(page: &Page) -> bool {
    let is_sent_to_sign_in = page
        .location()
        .is_some_and(|to| to.starts_with("/connexion?suite="));
    let status = page.status.as_u16();
    !is_sent_to_sign_in && status < 500 && !matches!(status, 401 | 403 | 404 | 405 | 410)
}

fn stopped_at_the_door(line: &Line, page: &Page) -> bool {
    match line.method {
        "POST" => page.status == 401,
        _ => {
            page.location()
                .is_some_and(|to| to.starts_with("/connexion"))
                && page.status == 303
        }
    }
}

async fn own_session(app: &TestApp, user_id: Uuid) -> Uuid {
    sqlx::query_scalar("select id from sessions where user_id = $1 order by id limit 1")
        .bind(user_id)
        .fetch_one(&app.state.pool)
        .await
        .expect("a session")
}

#[tokio::test]
async fn every_route_has_its_line_and_every_line_its_route() {
    let app = TestApp::new().await;
    let mut routes: Vec<String> = vigie::app::route_table(&app.state)
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let mut lines: Vec<String> = LINES
        .iter()
        .map(|line| format!("{} {}", line.method, line.pattern))
        .collect();
    routes.sort();
    lines.sort();
    assert_eq!(
        routes, lines,
        "routes of the site on the left, lines of this test on the right"
    );
}

#[tokio::test]
async fn each_role_passes_its_own_doors_only() {
    let app = TestApp::new().await;
    let fixture = Fixture::new(&app).await;
    for role in Role::ALL {
        let person = app.sign_in(role, &[OWN]).await.user_id;
        for line in LINES {
            let what = format!("{role} on {} {}", line.method, line.pattern);
            // A session for each request: some of these acts close one.
            let mut client = app.session_of(person).await;
            let session = own_session(&app, person).await;
            let page = ask(&mut client, line.method, &fixture.fill(line.at, session)).await;
            let is_admitted = match line.who {
                Anyone | Person => true,
                Only(roles) => roles.contains(&role),
            };
            if !is_admitted {
                assert_eq!(page.status, 403, "{what}");
                continue;
            }
            assert!(passes(&page), "{what}: {} {}", page.status, page.words());
            let Some(elsewhere) = line.elsewhere else {
                continue;
            };
            let page = ask(&mut client, line.method, &fixture.fill(elsewhere, session)).await;
            let is_hidden = role == Adviser;
            assert_eq!(
                page.status == 404,
                is_hidden,
                "{what}, in another territory"
            );
        }
    }
}

#[tokio::test]
async fn without_a_session_or_suspended_one_is_asked_to_sign_in() {
    let app = TestApp::new().await;
    let fixture = Fixture::new(&app).await;
    let suspended = app.sign_in(Admin, &[]).await;
    app.sign_in(Admin, &[]).await;
    // The session stays in the table: it is the account that no longer opens.
    sqlx::query("update users set status = 'suspended' where id = $1")
        .bind(suspended.user_id)
        .execute(&app.state.pool)
        .await
        .expect("a suspension");
    for (who, client) in [("signed out", app.visitor()), ("suspended", suspended)] {
        for line in LINES {
            let what = format!("{who} on {} {}", line.method, line.pattern);
            let path = fixture.fill(line.at, Uuid::nil());
            let page = ask(&mut client.clone(), line.method, &path).await;
            match line.who {
                Anyone => assert!(passes(&page), "{what}: {} {}", page.status, page.words()),
                _ => assert!(stopped_at_the_door(line, &page), "{what}: {}", page.status),
            }
        }
    }
}

#[tokio::test]
async fn reading_any_page_changes_nothing() {
    let app = TestApp::new().await;
    let fixture = Fixture::new(&app).await;
    let mut client = app.sign_in(Admin, &[]).await;
    let before = fingerprint(&app).await;
    // An export, a PDF, slides, a refusal and a reading of social data leave their trace in the audit: that is asked
    // of them.
    let leaves_a_trace = |pattern: &str| {
        pattern.contains("/export.")
            || pattern.contains(".pdf")
            || pattern.contains(".xlsx")
            || pattern.contains(".odp")
            || pattern.ends_with("{siren}/donnees-sociales")
    };
    let is_page = |line: &&Line| line.method == "GET" && !leaves_a_trace(line.pattern);
    for line in LINES.iter().filter(is_page) {
        ask(&mut client, "GET", &fixture.fill(line.at, Uuid::nil())).await;
    }
    assert_eq!(fingerprint(&app).await, before);
}

/// One number for all the rows of the tables that acts write.
async fn fingerprint(app: &TestApp) -> Vec<Option<i64>> {
    sqlx::query_scalar(
        "select (select sum(hashtext(u::text)) from users u)
         union all select (select sum(hashtext(s::text)) from sessions s)
         union all select (select sum(hashtext(l::text)) from one_time_links l)
         union all select (select sum(hashtext(t::text)) from user_territories t)
         union all select (select sum(hashtext(j::text)) from jobs j)
         union all select (select sum(hashtext(m::text)) from mails m)
         union all select (select sum(hashtext(n::text)) from notification_choices n)
         union all select (select sum(hashtext(f::text)) from calendar_feeds f)
         union all select (select sum(hashtext(k::text)) from key_companies k)
         union all select (select sum(hashtext(c::text)) from companies c)
         union all select (select sum(hashtext(o::text)) from organisations o)
         union all select (select sum(hashtext(p::text)) from partner_people p)
         union all select (select sum(hashtext(t::text)) from contacts t)
         union all select (select sum(hashtext(g::text)) from signals g)
         union all select (select sum(hashtext(m::text)) from meetings m)
         union all select (select sum(hashtext(v::text)) from meeting_invitations v)
         union all select (select sum(hashtext(b::text)) from company_needs b)
         union all select (select sum(hashtext(n::text)) from next_steps n)
         union all select (select sum(hashtext(e::text)) from matching_entries e)
         union all select (select sum(hashtext(i::text)) from introductions i)
         union all select (select sum(hashtext(i::text)) from imports i)
         union all select (select sum(hashtext(a::text)) from alerts a)
         union all select (select count(*) from audit_events where verb <> 'access_refused')",
    )
    .fetch_all(&app.state.pool)
    .await
    .expect("the fingerprint")
}
