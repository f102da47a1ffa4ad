//! What people do with an alert, and what becomes of it. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::{Outcome, Stage};
use crate::web::filters::long_date;

/// What someone does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Looks after it.
    Take,
    /// Gives it to a colleague, or takes it over.
    Entrust {
        /// `users.id`
        id: Uuid,
        /// First and last name.
        name: String,
    },
    /// Puts it off.
    Wait {
        /// The day on which it is open again.
        until: NaiveDate,
        /// Why.
        motive: String,
    },
    /// Ends it.
    Close {
        /// How.
        outcome: Outcome,
        /// Why.
        motive: String,
    },
    /// Handles it with another one.
    Merge {
        /// The other one.
        into: Uuid,
        /// Its company.
        company: String,
    },
    /// Takes the last act back.
    Reopen,
}

/// What an alert holds, besides why it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Status in the database.
    pub status: &'static str,
    /// Who looks after it.
    pub assignee_id: Option<Uuid>,
    /// Since when.
    pub taken_at: Option<DateTime<Utc>>,
    /// The day on which it is open again.
    pub waits_until: Option<NaiveDate>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub closed_by_name: Option<String>,
    /// How.
    pub outcome: Option<&'static str>,
    /// Why it ended, or waits.
    pub motive: Option<String>,
    /// The alert that it is handled with.
    pub merged_into: Option<Uuid>,
}

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub name: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who looks after an alert, and since when.
pub type Follower = Option<(Uuid, Option<DateTime<Utc>>)>;

/// What becomes of an alert of this stage, with the kind and the text of its event; none when the act
/// has no sense there.
pub fn apply(
    act: &Act,
    stage: Stage,
    follower: Follower,
    actor: Actor<'_>,
) -> Option<(Held, &'static str, String)> {
    let is_allowed = match act {
        Act::Take => stage == Stage::New,
        Act::Reopen => stage != Stage::New,
        _ => stage.is_open(),
    };
    if !is_allowed {
        return None;
    }
    let kept = Held {
        assignee_id: follower.map(|(id, _)| id),
        taken_at: follower.and_then(|(_, at)| at),
        ..Held::default()
    };
    Some(match act {
        Act::Take => (taken(actor.id, actor.at), "taken", String::new()),
        Act::Entrust { id, name } => (taken(*id, actor.at), "assigned", name.clone()),
        Act::Wait { until, motive } => (
            Held {
                status: "waiting",
                waits_until: Some(*until),
                motive: Some(motive.clone()),
                ..kept
            },
            "waiting",
            format!("jusqu’au {}. {motive}", long_date(*until)),
        ),
        Act::Close { outcome, motive } => (
            Held {
                status: "closed",
                outcome: Some(outcome.code()),
                motive: Some(motive.clone()),
                ..ended(kept, actor)
            },
            "closed",
            format!("{}. {motive}", outcome.label()),
        ),
        Act::Merge { into, company } => (
            Held {
                status: "merged",
                merged_into: Some(*into),
                ..ended(kept, actor)
            },
            "merged",
            company.clone(),
        ),
        Act::Reopen => (reopened(kept, stage), "reopened", undone(stage).to_owned()),
    })
}

fn taken(id: Uuid, at: DateTime<Utc>) -> Held {
    Held {
        status: "taken",
        assignee_id: Some(id),
        taken_at: Some(at),
        ..Held::default()
    }
}

fn ended(kept: Held, actor: Actor<'_>) -> Held {
    Held {
        closed_at: Some(actor.at),
        closed_by_name: Some(actor.name.to_owned()),
        ..kept
    }
}

/// Who looked after it goes on, unless that is what is taken back.
fn reopened(kept: Held, stage: Stage) -> Held {
    let is_followed = kept.assignee_id.is_some() && stage != Stage::Taken;
    if is_followed {
        Held {
            status: "taken",
            ..kept
        }
    } else {
        Held {
            status: "new",
            ..Held::default()
        }
    }
}

fn undone(stage: Stage) -> &'static str {
    match stage {
        Stage::New => "",
        Stage::Taken => "prise en charge annulée",
        Stage::Waiting => "mise en attente annulée",
        Stage::Closed => "classement annulé",
        Stage::Merged => "rattachement annulé",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn actor() -> Actor<'static> {
        Actor {
            id: Uuid::from_u128(1),
            name: "Claire Martin",
            at: at("2026-11-24T09:00:00Z"),
        }
    }

    #[test]
    fn only_a_new_alert_is_taken_and_only_an_open_one_is_closed() {
        let close = Act::Close {
            outcome: Outcome::Met,
            motive: "Rencontre du 23 novembre.".into(),
        };
        for (act, stage, expected) in [
            (&Act::Take, Stage::New, true),
            (&Act::Take, Stage::Taken, false),
            (&close, Stage::Waiting, true),
            (&close, Stage::Closed, false),
            (&Act::Reopen, Stage::New, false),
            (&Act::Reopen, Stage::Merged, true),
        ] {
            let done = apply(act, stage, None, actor());
            assert_eq!(done.is_some(), expected, "{act:?} {stage:?}");
        }
    }

    #[test]
    fn what_is_taken_back_gives_the_alert_to_who_had_it() {
        let follower = Some((Uuid::from_u128(2), Some(at("2026-11-20T09:00:00Z"))));
        let (held, kind, text) =
            apply(&Act::Reopen, Stage::Closed, follower, actor()).expect("reopened");
        assert_eq!((held.status, kind), ("taken", "reopened"));
        assert_eq!(held.assignee_id, Some(Uuid::from_u128(2)));
        assert_eq!(
            (held.outcome, held.motive.clone(), held.closed_at),
            (None, None, None)
        );
        assert_eq!(text, "classement annulé");
        let (held, ..) = apply(&Act::Reopen, Stage::Taken, follower, actor()).expect("released");
        assert_eq!((held.status, held.assignee_id), ("new", None));
        let (held, ..) = apply(&Act::Reopen, Stage::Waiting, None, actor()).expect("woken");
        assert_eq!((held.status, held.waits_until), ("new", None));
    }
}
