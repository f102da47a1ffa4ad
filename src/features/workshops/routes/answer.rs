//! Answering an invitation by its secret address, without an account: once, before the workshop,
//! whatever was noted for the guest.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sqlx::PgConnection;

use crate::auth::token::Token;
use crate::features::workshops::forms::AnswerForm;
use crate::features::workshops::queries::answers::{self, Answer, Invitation};
use crate::features::workshops::views::answers::InvitationPage;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visitor};

async fn find(conn: &mut PgConnection, visitor: &Visitor, token: &str) -> Result<Invitation> {
    let token = Token::from_visitor(token).ok_or(Error::NotFound)?;
    let found = answers::invitation(conn, &token.hash())
        .await?
        .ok_or(Error::NotFound)?;
    let sorry = |what: &str| {
        Error::Gone(format!(
            "{what} Pour toute question, écrivez à {}, {}.",
            found.organiser, found.organiser_email
        ))
    };
    if found.is_cancelled {
        return Err(sorry("Cet atelier est annulé."));
    }
    if found.held_at <= visitor.now {
        return Err(sorry(
            "Cet atelier a déjà commencé\u{a0}: il n’est plus temps de répondre ici.",
        ));
    }
    Ok(found)
}

/// `GET /invitation/{token}`: shows, changes nothing.
pub async fn ask(
    visitor: Visitor,
    mut db: Db,
    Path(token): Path<String>,
) -> Result<InvitationPage> {
    let found = find(&mut db, &visitor, &token).await?;
    Ok(InvitationPage::new(
        &visitor,
        &token,
        found,
        AnswerForm::default(),
    ))
}

/// `POST /invitation/{token}`
pub async fn carry_out(
    visitor: Visitor,
    mut tx: Tx,
    Path(token): Path<String>,
    submitted: Submitted<AnswerForm>,
) -> Result<Response> {
    let found = find(&mut tx, &visitor, &token).await?;
    let guest_id = found.guest_id;
    let known = (!found.is_noted).then(|| {
        let (name, address) = (&found.replacement_name, &found.replacement_email);
        (found.answer.clone(), name.clone(), address.clone())
    });
    let page = InvitationPage::new(&visitor, &token, found, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, FormErrors::new()));
    }
    let (code, name, address) = match submitted.form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    // A double click is no second answer.
    if known.is_some_and(|known| known == (code.to_owned(), name.clone(), address.clone())) {
        return Ok(page.into_response());
    }
    let new = Answer {
        code,
        replacement: &name,
        replacement_email: &address,
        noted: None,
    };
    if !answers::answer(&mut tx, guest_id, new, visitor.now).await? {
        let mut errors = FormErrors::new();
        errors.add_general(
            "Cette adresse a déjà servi à répondre. Pour changer votre réponse, écrivez à la personne qui vous invite.",
        );
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    tx.commit().await?;
    Ok(page.answered(code, name).into_response())
}
