//! What each judgment does to the procedures of a company.

use chrono::NaiveDate;

use super::{Category, Judgment, Notice, Procedure, State, Step, is_stale, term};

/// The three procedures, from the lightest to the gravest.
const PROCEDURES: [Procedure; 3] = [
    Procedure::Safeguard,
    Procedure::Receivership,
    Procedure::Liquidation,
];

/// Their places in [`PROCEDURES`].
const RECEIVERSHIP: usize = 1;
const LIQUIDATION: usize = 2;

/// A procedure that is open.
#[derive(Debug, Clone)]
struct Open {
    since: NaiveDate,
    by: String,
    plan: bool,
    /// The last judgment about it: without news for ten years it is stale.
    heard_on: NaiveDate,
}

/// The end of the last procedure.
#[derive(Debug, Clone)]
struct End {
    on: NaiveDate,
    by: String,
    /// The company ended with it.
    dissolves: bool,
}

/// The procedures of a company while its judgments are gone through.
#[derive(Debug, Default)]
struct Docket {
    open: [Option<Open>; PROCEDURES.len()],
    end: Option<End>,
    chain: Vec<Step>,
}

/// The state, since when, and the notice that brought it.
pub(super) struct Place {
    pub state: State,
    pub since: Option<NaiveDate>,
    pub by: Option<String>,
}

/// Goes through the judgments in the order of their dates.
pub(super) fn judge(notices: &[&Notice], on: NaiveDate) -> (Place, Vec<Step>) {
    let mut judgments: Vec<(&Notice, Judgment)> = notices
        .iter()
        .filter_map(|notice| Some((*notice, notice.judgment()?)))
        .collect();
    // On the same day, what ends comes before what begins, and that before a plan: the order of
    // the categories.
    judgments.sort_by(|(a, left), (b, right)| {
        let by_day = a.effective_on().cmp(&b.effective_on());
        by_day
            .then(left.category.cmp(&right.category))
            .then(left.procedure.cmp(&right.procedure))
            .then((a.published_on, &a.id).cmp(&(b.published_on, &b.id)))
    });
    let mut docket = Docket::default();
    for (notice, judgment) in judgments {
        docket.expire(notice.effective_on());
        docket.apply(notice, judgment);
    }
    docket.expire(on);
    let place = docket.place(on);
    let chain = match place.state {
        State::None => Vec::new(),
        _ => docket.chain,
    };
    (place, chain)
}

impl Docket {
    /// A plan is over at its term, and a procedure without news for as long is forgotten.
    fn expire(&mut self, on: NaiveDate) {
        for slot in &mut self.open {
            let over =
                |open: &Open| is_stale(if open.plan { open.since } else { open.heard_on }, on);
            if let Some(open) = slot.take_if(|open| over(open))
                && open.plan
            {
                self.end = Some(End {
                    on: term(open.since),
                    by: open.by,
                    dissolves: false,
                });
            }
        }
    }

    fn apply(&mut self, notice: &Notice, judgment: Judgment) {
        let was_open = self.is_open();
        let rank = PROCEDURES.iter().position(|p| *p == judgment.procedure);
        let bears = match (judgment.category, rank) {
            (Category::Closure, _) => {
                self.close(rank.unwrap_or(LIQUIDATION), notice, false);
                true
            }
            (Category::Dissolution, _) => {
                self.close(LIQUIDATION, notice, true);
                true
            }
            (Category::PlanResolution, rank) => {
                self.close(RECEIVERSHIP, notice, false);
                if let Some(rank) = rank {
                    self.enter(rank, notice);
                }
                true
            }
            (Category::Opening | Category::Conversion | Category::Extension, Some(rank)) => {
                self.enter(rank, notice);
                true
            }
            (Category::Plan, Some(rank)) => {
                self.adopt(rank, notice);
                true
            }
            // The business is sold; the procedure goes on until it is closed or converted.
            (Category::Plan, None) => was_open,
            _ => false,
        };
        if bears {
            // What begins anew makes the former end forgotten.
            if !was_open && self.is_open() {
                self.chain.clear();
                self.end = None;
            }
            self.chain.push(Step {
                notice: notice.id.clone(),
                on: notice.effective_on(),
                judgment,
            });
        }
    }

    fn is_open(&self) -> bool {
        self.open.iter().any(Option::is_some)
    }

    /// Ends a procedure and the lighter ones, which it had taken the place of.
    fn close(&mut self, rank: usize, notice: &Notice, dissolves: bool) {
        // A late or second notice of an end does not bring the company back.
        let was_dissolved = self.end.as_ref().is_some_and(|end| end.dissolves);
        if was_dissolved && !dissolves && !self.is_open() {
            return;
        }
        for slot in &mut self.open[..=rank] {
            *slot = None;
        }
        self.end = Some(End {
            on: notice.effective_on(),
            by: notice.id.clone(),
            dissolves,
        });
    }

    /// Puts the company in a procedure; the lighter ones do not show until it ends, and end with it.
    fn enter(&mut self, rank: usize, notice: &Notice) {
        let day = notice.effective_on();
        match &mut self.open[rank] {
            Some(open) if !open.plan => open.heard_on = day,
            slot => {
                *slot = Some(Open {
                    since: day,
                    by: notice.id.clone(),
                    plan: false,
                    heard_on: day,
                });
            }
        }
    }

    /// Adopts a plan; a plan that is only changed keeps its beginning, hence its term.
    fn adopt(&mut self, rank: usize, notice: &Notice) {
        let day = notice.effective_on();
        match &mut self.open[rank] {
            Some(open) if open.plan => open.heard_on = day,
            slot => {
                *slot = Some(Open {
                    since: day,
                    by: notice.id.clone(),
                    plan: true,
                    heard_on: day,
                });
            }
        }
    }

    /// The gravest of what is open, or else the end of the last one while it still matters.
    fn place(&self, on: NaiveDate) -> Place {
        let mut open = self.open.iter().zip(PROCEDURES).rev();
        let worst = open.find_map(|(slot, procedure)| Some((slot.as_ref()?, procedure)));
        if let Some((open, procedure)) = worst {
            return Place {
                state: state_of(procedure, open.plan),
                since: Some(open.since),
                by: Some(open.by.clone()),
            };
        }
        let matters = |end: &&End| end.dissolves || !is_stale(end.on, on);
        match self.end.as_ref().filter(matters) {
            Some(end) => Place {
                state: if end.dissolves {
                    State::Dissolved
                } else {
                    State::Closed
                },
                since: Some(end.on),
                by: Some(end.by.clone()),
            },
            None => Place {
                state: State::None,
                since: None,
                by: None,
            },
        }
    }
}

fn state_of(procedure: Procedure, plan: bool) -> State {
    match (procedure, plan) {
        (Procedure::None, _) => State::None,
        (Procedure::Safeguard, false) => State::Safeguard,
        (Procedure::Safeguard, true) => State::SafeguardPlan,
        (Procedure::Receivership, false) => State::Receivership,
        (Procedure::Receivership, true) => State::ReceivershipPlan,
        (Procedure::Liquidation, _) => State::Liquidation,
    }
}
