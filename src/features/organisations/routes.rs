//! Pages of organisations and of their people.

mod list;
mod organisation;
mod person;

use crate::auth::Access::Needs;
use crate::auth::Permission::{EditPartnerPeople, EditPartners, HandlePersonalData, ViewPartners};
use crate::web::Routes;

pub(super) use person::may_edit as may_edit_people;

/// The routes of organisations.
pub fn routes(routes: Routes) -> Routes {
    let (see, edit) = (Needs(ViewPartners), Needs(EditPartners));
    let (people, rights) = (Needs(EditPartnerPeople), Needs(HandlePersonalData));
    routes
        .get("/organismes", see, list::index)
        .get("/organismes/nouveau", edit, organisation::new)
        .post("/organismes/nouveau", edit, organisation::create)
        .get("/organismes/{id}", see, organisation::show)
        .get("/organismes/{id}/modifier", edit, organisation::edit)
        .post("/organismes/{id}/modifier", edit, organisation::update)
        .post("/organismes/{id}/archiver", edit, organisation::archive)
        .post("/organismes/{id}/retablir", edit, organisation::restore)
        .get("/organismes/{id}/personnes/nouvelle", people, person::new)
        .post(
            "/organismes/{id}/personnes/nouvelle",
            people,
            person::create,
        )
        .get("/personnes/{id}", people, person::edit)
        .post("/personnes/{id}", people, person::update)
        .post("/personnes/{id}/archiver", people, person::archive)
        .post("/personnes/{id}/retablir", people, person::restore)
        .get("/personnes/{id}/effacer", rights, person::ask_erase)
        .post("/personnes/{id}/effacer", rights, person::erase)
        .get("/personnes/{id}/donnees", rights, person::data)
        .get("/personnes/{id}/donnees.json", rights, person::data_file)
}
