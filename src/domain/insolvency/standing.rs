//! Which notices stand, once those that are cancelled, replaced or withdrawn are left out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Announced, Category, Judgment, Notice, NoticeKind};

/// The notices that stand.
pub(super) struct Standing<'a> {
    /// In no meaningful order.
    pub notices: Vec<&'a Notice>,
    /// Those whose target is not known, sorted.
    pub unresolved: Vec<String>,
}

/// Leaves out what was published later, then lets notices act on others, the last published first:
/// a notice that is itself removed removes nothing.
pub(super) fn standing(notices: &[Notice], on: NaiveDate) -> Standing<'_> {
    let mut known = BTreeMap::new();
    for notice in notices.iter().filter(|n| n.published_on <= on) {
        // The same notice twice with other words is a fault of the file; the choice must only not
        // depend on the order.
        let kept = known.entry(notice.id.as_str()).or_insert(notice);
        *kept = (*kept).min(notice);
    }
    let mut actors: Vec<&Notice> = known.values().copied().collect();
    actors.sort_by_key(|n| Reverse((n.published_on, n.id.as_str())));
    let mut removed = BTreeSet::new();
    let mut unresolved = Vec::new();
    for actor in actors {
        if removed.contains(actor.id.as_str()) {
            continue;
        }
        match act(actor, &known, &removed) {
            Act::Nothing => {}
            Act::Lost => {
                unresolved.push(actor.id.clone());
                if actor.kind == NoticeKind::Cancellation {
                    removed.insert(actor.id.as_str());
                }
            }
            Act::Replace(target) => remove(target, Some(actor), &known, &mut removed),
            Act::Remove(target) => {
                remove(target, None, &known, &mut removed);
                removed.insert(actor.id.as_str());
            }
        }
    }
    unresolved.sort();
    let stand = known.into_values();
    let notices = stand.filter(|n| !removed.contains(n.id.as_str())).collect();
    Standing {
        notices,
        unresolved,
    }
}

/// What a notice does to another.
enum Act<'a> {
    Nothing,
    /// It should do something, but to what is not known.
    Lost,
    /// Takes the place of another.
    Replace(&'a Notice),
    /// Removes another and itself.
    Remove(&'a Notice),
}

fn act<'a>(
    actor: &'a Notice,
    known: &BTreeMap<&str, &'a Notice>,
    removed: &BTreeSet<&str>,
) -> Act<'a> {
    let target = actor.targets.as_deref().filter(|id| *id != actor.id);
    let target = target.and_then(|id| known.get(id).copied());
    let category = actor.judgment().map(|j| j.category);
    match (actor.kind, category, target) {
        (NoticeKind::Cancellation, _, Some(target))
        | (_, Some(Category::Retraction | Category::Appeal), Some(target)) => Act::Remove(target),
        (_, Some(Category::Retraction), None) => {
            withdrawn(actor, known, removed).map_or(Act::Lost, Act::Remove)
        }
        // A correction whose content says nothing (an address, a name) must not erase a judgment.
        (NoticeKind::Correction, _, Some(target)) if says_something(actor) => Act::Replace(target),
        (NoticeKind::Cancellation | NoticeKind::Correction, _, None)
        | (_, Some(Category::Appeal), None) => Act::Lost,
        (NoticeKind::Correction, _, Some(_)) | (NoticeKind::Original, _, _) => Act::Nothing,
    }
}

fn says_something(notice: &Notice) -> bool {
    match notice.announced {
        Announced::Judgment(judgment) => {
            !matches!(judgment.category, Category::Unknown | Category::ToQualify)
        }
        Announced::Radiation => true,
        Announced::Other => false,
    }
}

/// Without a reference, what is withdrawn is the last judgment that had put the company in a
/// procedure.
fn withdrawn<'a>(
    actor: &Notice,
    known: &BTreeMap<&str, &'a Notice>,
    removed: &BTreeSet<&str>,
) -> Option<&'a Notice> {
    let puts_in = |judgment: Judgment| {
        matches!(
            judgment.category,
            Category::Opening
                | Category::Conversion
                | Category::Extension
                | Category::PlanResolution
        )
    };
    let rank = |n: &Notice| (n.effective_on(), n.published_on);
    let candidates = known.values().copied().filter(|n| {
        n.id != actor.id
            && n.judgment().is_some_and(puts_in)
            && rank(n) <= rank(actor)
            && !removed.contains(n.id.as_str())
    });
    candidates.max_by_key(|n| (rank(n), n.id.as_str()))
}

/// Removes a notice, and the corrections that had taken its place, but for the one that does so now.
fn remove<'a>(
    target: &'a Notice,
    except: Option<&Notice>,
    known: &BTreeMap<&str, &'a Notice>,
    removed: &mut BTreeSet<&'a str>,
) {
    let mut targets = vec![target];
    while let Some(target) = targets.pop() {
        if except.is_some_and(|kept| kept.id == target.id) || !removed.insert(&target.id) {
            continue;
        }
        let corrections = known.values().copied().filter(|n| {
            n.kind == NoticeKind::Correction && n.targets.as_deref() == Some(target.id.as_str())
        });
        targets.extend(corrections);
    }
}
