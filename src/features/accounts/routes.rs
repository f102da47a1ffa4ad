//! The pages of accounts.

mod forgotten;
mod links;
mod profile;
mod sign_in;
mod user;
mod users;

use crate::auth::{Access, Permission};
use crate::web::Routes;

use super::journal;

/// Every route of the feature.
pub fn routes(routes: Routes) -> Routes {
    let manage = Access::Needs(Permission::ManageUsers);
    let mine = Access::SignedIn;
    routes
        .get("/connexion", Access::Public, sign_in::show)
        .post("/connexion", Access::Public, sign_in::carry_out)
        .post("/deconnexion", Access::Public, sign_in::sign_out)
        .get("/lien/{token}", Access::Public, links::show)
        .post("/lien/{token}", Access::Public, links::carry_out)
        .get("/mot-de-passe-oublie", Access::Public, forgotten::show)
        .post("/mot-de-passe-oublie", Access::Public, forgotten::ask)
        .get("/compte", mine, profile::show)
        .post("/compte/mot-de-passe", mine, profile::change_password)
        .post("/compte/sessions/{id}/fermer", mine, profile::close)
        .post(
            "/compte/sessions/fermer-les-autres",
            mine,
            profile::close_others,
        )
        .get("/utilisateurs", manage, users::index)
        .get("/utilisateurs/inviter", manage, users::new)
        .post("/utilisateurs/inviter", manage, users::invite)
        .get("/utilisateurs/{id}", manage, user::edit)
        .post("/utilisateurs/{id}", manage, user::update)
        .post("/utilisateurs/{id}/suspendre", manage, user::suspend)
        .post("/utilisateurs/{id}/reactiver", manage, user::reactivate)
        .post(
            "/utilisateurs/{id}/fermer-les-sessions",
            manage,
            user::close_sessions,
        )
        .post("/utilisateurs/{id}/lien", manage, user::new_link)
        .get(
            "/journal",
            Access::Needs(Permission::Administer),
            journal::index,
        )
}
