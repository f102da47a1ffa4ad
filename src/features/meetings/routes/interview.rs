//! The structured interview, written in several goes and by several people.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::top::top_meeting;
use super::{author, leave_a_trace, log};
use crate::auth::users::active_staff;
use crate::features::meetings::interview::{Fields, InterviewForm, Parsed};
use crate::features::meetings::queries::log as notes;
use crate::features::meetings::queries::{Meeting, needs, steps, top};
use crate::features::meetings::views::interview::InterviewPage;
use crate::scoring::flags::RedFlag;
use crate::web::forms::FormErrors;
use crate::web::{Error, Result, Submitted, Tx, Visit};

async fn page(
    conn: &mut sqlx::PgConnection,
    visit: &Visit,
    meeting: Meeting,
    form: InterviewForm,
) -> Result<InterviewPage> {
    let needs = needs::needs(conn, &meeting.siren).await?;
    let steps = steps(conn, meeting.id).await?;
    let staff = active_staff(conn).await?;
    Ok(InterviewPage::new(
        visit, meeting, form, needs, steps, staff,
    ))
}

/// The form.
pub async fn show(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<InterviewPage> {
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let answers = top::answers(&mut tx, meeting.id).await?;
    if answers
        .iter()
        .any(|answer| !answer.confidential_text.is_empty())
    {
        leave_a_trace(&mut tx, &visit, &meeting).await?;
    }
    let form = InterviewForm::of(&meeting, &answers, visit.today);
    let page = page(&mut tx, &visit, meeting, form).await?;
    tx.commit().await?;
    Ok(page)
}

/// Keeps what was written; what somebody else wrote meanwhile is shown beside it, never overwritten.
pub async fn save(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<Fields>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let form = InterviewForm::typed(&submitted.form);
    if submitted.is_resumed {
        let page = page(&mut tx, &visit, meeting, form).await?;
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if meeting.status == "cancelled" {
        return Err(Error::Conflict(
            "Ce rendez-vous a été annulé\u{a0}: prévoyez-en un autre avant d’écrire l’entretien."
                .to_owned(),
        ));
    }
    let parsed = match form.parse(&meeting, visit.today) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let page = page(&mut tx, &visit, meeting, form).await?;
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let left = write(&mut tx, &visit, &meeting, &form, &parsed).await?;
    let location = format!("/rencontres/{}/entretien", meeting.id);
    if left.is_empty() {
        return tx
            .finish(submitted.key, &location, "Entretien enregistré.")
            .await;
    }
    // The rest is kept; these come back with both texts.
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let answers = top::answers(&mut tx, meeting.id).await?;
    let mut again = InterviewForm::of(&meeting, &answers, visit.today);
    let mut theirs = None;
    for name in &left {
        if name.is_empty() {
            theirs = Some(meeting.summary.clone());
            again.essential.clone_from(&form.essential);
            again.date.clone_from(&form.date);
            continue;
        }
        let mine = form.themes.iter().find(|theme| &theme.code == name);
        let place = again.themes.iter_mut().find(|theme| &theme.code == name);
        if let (Some(mine), Some(place)) = (mine, place) {
            place.theirs = answers.iter().find(|answer| &answer.theme == name).cloned();
            place.shared.clone_from(&mine.shared);
            place.confidential.clone_from(&mine.confidential);
        }
    }
    leave_a_trace(&mut tx, &visit, &meeting).await?;
    let mut page = page(&mut tx, &visit, meeting, again).await?;
    page.theirs = theirs;
    tx.finish(submitted.key, &location, "").await?;
    let mut errors = FormErrors::new();
    errors.add_general(
        "Une autre personne a écrit la même chose que vous pendant votre saisie. Le reste est enregistré\u{a0}: \
         comparez les deux versions ci-dessous, puis enregistrez la vôtre.",
    );
    Ok(page.refused(StatusCode::CONFLICT, errors).into_response())
}

/// Writes what nobody else changed; codes of the themes that somebody did, empty for the essential.
async fn write(
    tx: &mut Tx,
    visit: &Visit,
    meeting: &Meeting,
    form: &InterviewForm,
    parsed: &Parsed,
) -> Result<Vec<String>> {
    let mut left = Vec::new();
    for theme in form.themes.iter().filter(|theme| theme.is_touched()) {
        let answer = theme.answer(&visit.user.name);
        if !top::save_answer(tx, meeting.id, &answer, visit.now).await? {
            left.push(theme.code.clone());
        }
    }
    if let Some((summary, on)) = &parsed.held
        && (form.is_touched() || meeting.status != "held")
    {
        let seen = (meeting.id, form.version);
        if top::hold(tx, seen, summary, *on).await? {
            let words = notes::Words {
                summary,
                on: *on,
                is_shared: meeting.is_shared,
            };
            notes::reword_signals(tx, meeting.id, &words.motive()).await?;
            notes::keep_in_touch(tx, meeting.id, &meeting.siren, meeting.author_id, *on).await?;
        } else {
            left.push(String::new());
        }
    }
    for (dossier, need) in &parsed.needs {
        let of = (meeting.siren.as_str(), meeting.id);
        needs::add_need(tx, of, (dossier, need), author(visit), visit.now).await?;
    }
    if let Some(step) = &parsed.step {
        let of = (meeting.id, meeting.siren.as_str());
        notes::add_step(tx, of, step, visit.user.id, visit.now).await?;
    }
    // What the meeting raised already still stands: ticked again, it is not another signal.
    let raised = |flag: &&RedFlag| meeting.flags.iter().any(|code| code == flag.code());
    let flags: Vec<RedFlag> = parsed
        .flags
        .iter()
        .filter(|flag| !raised(flag))
        .copied()
        .collect();
    if !flags.is_empty() {
        let (summary, on) = parsed.held.clone().unwrap_or_default();
        let seen = log::Seen {
            flags: &flags,
            words: notes::Words {
                summary: &summary,
                on,
                is_shared: meeting.is_shared,
            },
        };
        log::raise(tx, visit, &meeting.siren, meeting.id, seen).await?;
    }
    Ok(left)
}
