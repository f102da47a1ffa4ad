//! Contacts: added, changed, set aside; two people at once; out of scope.

use vigie::domain::Role;

use crate::support::app::{Client, TestApp};
use crate::support::portfolio::{CASTRES, Company, reference};

async fn house() -> (TestApp, Client, String) {
    let app = TestApp::new().await;
    reference(&app.db.pool).await;
    let siren = Company::new(1, "EXEMPLE MÉCANIQUE").add(&app.db.pool).await;
    let staff = app.sign_in(Role::Staff, &[]).await;
    (app, staff, siren)
}

async fn add(client: &mut Client, siren: &str, name: &str) -> String {
    let path = format!("/entreprises/{siren}/contacts/nouveau");
    let form = client
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("nom", name);
    client.submit(&form).await.expect(303);
    let page = client
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200);
    let start = page
        .text
        .find("/contacts/")
        .into_iter()
        .chain(page.text.rfind("\"/contacts/"));
    let at = start.last().expect("a link to the contact") + "\"/contacts/".len();
    page.text[at..at + 36].to_owned()
}

#[tokio::test]
async fn a_contact_is_added_with_its_number_in_the_french_form() {
    let (_app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/contacts/nouveau");
    let page = staff.get(&path).await.expect(200);
    page.says("Lue par les partenaires du territoire, et par la personne si elle le demande");
    let form = page
        .form(&path)
        .set("nom", "Claire  Martin")
        .set("fonction", "Directrice")
        .set("telephone", "+33 (0)5.63.00.00.00")
        .set("courriel", "c.martin@exemple.fr")
        .set("note", "Joindre le matin.\nParle anglais.");
    let done = staff.submit(&form).await.expect(303);
    let page = staff
        .get(&done.location().expect("a location"))
        .await
        .expect(200);
    page.says("Contact ajouté : Claire Martin.")
        .says("05 63 00 00 00")
        .says("Joindre le matin.")
        .says("Contact ajouté : Claire Martin, par Direction du Développement Essai");
    assert!(page.text.contains("href=\"tel:0563000000\""));
    // The same form again changes nothing.
    staff.submit(&form).await.expect(303);
    let page = staff.get(&format!("/entreprises/{siren}")).await;
    assert_eq!(page.texts("#contacts ~ ul h3"), ["Claire Martin"]);
}

#[tokio::test]
async fn a_refused_form_says_why_and_keeps_everything() {
    let (_app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/contacts/nouveau");
    let form = staff
        .get(&path)
        .await
        .form(&path)
        .set("telephone", "05 63")
        .set("courriel", "c.martin")
        .set("note", "À <rappeler>");
    let page = staff.submit(&form).await.expect(422);
    page.says("3 points à corriger")
        .says("Indiquez le nom de la personne")
        .says("Écrivez les 10 chiffres");
    assert!(page.texts("title")[0].starts_with("Erreur : "));
    let again = page.form(&path);
    assert_eq!(again.value("telephone"), Some("05 63"));
    assert_eq!(again.value("courriel"), Some("c.martin"));
    assert_eq!(again.value("note").map(str::trim), Some("À <rappeler>"));
}

#[tokio::test]
async fn two_people_at_once_lose_nothing() {
    let (app, mut first, siren) = house().await;
    let id = add(&mut first, &siren, "Claire Martin").await;
    let path = format!("/contacts/{id}");
    let mut second = app.sign_in(Role::Staff, &[]).await;
    let mine = first
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("fonction", "Gérante");
    let theirs = second
        .get(&path)
        .await
        .expect(200)
        .form(&path)
        .set("fonction", "Présidente");
    second.submit(&theirs).await.expect(303);
    let page = first.submit(&mine).await.expect(409);
    page.says("Ce contact a été modifié pendant votre saisie.")
        .says("Présidente")
        .says("Modifié par Direction");
    let again = page.form(&path);
    assert_eq!(
        again.value("fonction"),
        Some("Gérante"),
        "what was typed is kept"
    );
    first.submit(&again).await.expect(303);
    first
        .get(&format!("/entreprises/{siren}"))
        .await
        .says("Gérante");
    // The same with a record that is erased.
    let stale = first
        .get(&path)
        .await
        .form(&path)
        .set("fonction", "Associée");
    let question = format!("{path}/effacer");
    let confirm = second.get(&question).await.expect(200).form(&question);
    second.submit(&confirm).await.expect(303);
    first
        .submit(&stale)
        .await
        .expect(409)
        .says("vient d’être effacé");
}

#[tokio::test]
async fn a_contact_that_leaves_is_set_aside_and_can_come_back() {
    let (_app, mut staff, siren) = house().await;
    let id = add(&mut staff, &siren, "Claire Martin").await;
    let (path, company) = (format!("/contacts/{id}"), format!("/entreprises/{siren}"));
    let aside = format!("{path}/archiver");
    let form = staff.get(&path).await.expect(200).form(&aside);
    let done = staff.submit(&form).await.expect(303);
    let page = staff
        .get(&done.location().expect("a location"))
        .await
        .expect(200);
    page.says("Contact archivé : Claire Martin.")
        .says("Aucun contact")
        .says("Contacts archivés (1)")
        .says("Contact archivé : Claire Martin, par");
    assert_eq!(page.texts("details h3"), ["Claire Martin"]);
    // The same form again is the same act; another one is late.
    staff.submit(&form).await.expect(303);
    staff.post(&aside, &[]).await.expect(409);
    let back = format!("{path}/retablir");
    let form = staff.get(&path).await.form(&back);
    staff.submit(&form).await.expect(303);
    let page = staff.get(&company).await;
    page.says("Contact rétabli : Claire Martin, par");
    assert_eq!(page.texts("#contacts ~ ul h3"), ["Claire Martin"]);
}

#[tokio::test]
async fn where_particulars_come_from_and_the_last_exchange_are_kept() {
    let (_app, mut staff, siren) = house().await;
    let path = format!("/entreprises/{siren}/contacts/nouveau");
    let form = staff
        .get(&path)
        .await
        .form(&path)
        .set("nom", "Claire Martin")
        .set("origine", "accueil de l’entreprise")
        .set("dernier_echange", "31/12/2099");
    let page = staff.submit(&form).await.expect(422);
    page.says("Écrivez une date passée");
    let form = page.form(&path);
    assert_eq!(form.value("origine"), Some("accueil de l’entreprise"));
    let form = form.set("dernier_echange", "02/11/2026");
    staff.submit(&form).await.expect(303);
    staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .says("Dernier échange le 2 novembre 2026");
}

#[tokio::test]
async fn contacts_of_another_territory_do_not_exist() {
    let (app, mut staff, siren) = house().await;
    let id = add(&mut staff, &siren, "Claire Martin").await;
    let mut adviser = app.sign_in(Role::Adviser, &[CASTRES]).await;
    for path in [
        format!("/contacts/{id}"),
        format!("/entreprises/{siren}/contacts/nouveau"),
    ] {
        adviser.get(&path).await.expect(404).hides("Claire Martin");
        adviser
            .post(&path, &[("nom", "Intrus"), ("version", "1")])
            .await
            .expect(404);
    }
    for act in ["archiver", "retablir"] {
        let path = format!("/contacts/{id}/{act}");
        adviser.post(&path, &[]).await.expect(404);
    }
    // Nor did one that is erased ever exist for them.
    let question = format!("/contacts/{id}/effacer");
    let confirm = staff.get(&question).await.expect(200).form(&question);
    let path = format!("/contacts/{id}");
    staff.submit(&confirm).await.expect(303);
    let fields = [("nom", "Intrus"), ("version", "1")];
    adviser.post(&path, &fields).await.expect(404);
    staff.post(&path, &fields).await.expect(409);
    app.sign_in(Role::Admin, &[])
        .await
        .get(&format!("/contacts/{id}"))
        .await
        .expect(403);
    staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .says("Personne effacée")
        .hides("Intrus");
}
