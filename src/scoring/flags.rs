//! What an adviser saw and the accounts do not show yet. A flag is named, dated and expires; it never
//! lowers a level, and never sets the worst one: only facts of public record and accounts can.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::level::Level;

/// Months after which a flag that nobody renewed has no effect.
pub const FLAG_MONTHS: u32 = 6;

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedFlag {
    /// A client that weighs heavily is lost.
    ClientLoss,
    /// Suppliers, wages or taxes are paid late.
    PaymentDelay,
    /// The manager leaves, is ill or has died.
    ManagerLeaving,
    /// A dispute that may cost much.
    Dispute,
    /// Fewer orders.
    FewerOrders,
    /// Dismissals.
    Layoffs,
    /// A manager near retirement, nobody to follow.
    UnpreparedSuccession,
    /// The bank refuses or withdraws credit.
    Bank,
    /// A key supplier fails or changes its terms.
    Supplier,
    /// Fire, flood, theft, cyber-attack.
    Disaster,
    /// A rule to comply with and no means to.
    Compliance,
    /// Pollution to clean or to answer for.
    Pollution,
    /// Something else, told in the note.
    Other,
}

/// How much a flag weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Counts with others.
    Notable,
    /// Enough alone to look at the company.
    Grave,
}

impl RedFlag {
    /// Every flag, in the order of the form.
    pub const ALL: [Self; 13] = [
        Self::ClientLoss,
        Self::PaymentDelay,
        Self::ManagerLeaving,
        Self::Dispute,
        Self::FewerOrders,
        Self::Layoffs,
        Self::UnpreparedSuccession,
        Self::Bank,
        Self::Supplier,
        Self::Disaster,
        Self::Compliance,
        Self::Pollution,
        Self::Other,
    ];

    /// Identifier in forms and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::ClientLoss => "client_loss",
            Self::PaymentDelay => "payment_delay",
            Self::ManagerLeaving => "manager_leaving",
            Self::Dispute => "dispute",
            Self::FewerOrders => "fewer_orders",
            Self::Layoffs => "layoffs",
            Self::UnpreparedSuccession => "unprepared_succession",
            Self::Bank => "bank",
            Self::Supplier => "supplier",
            Self::Disaster => "disaster",
            Self::Compliance => "compliance",
            Self::Pollution => "pollution",
            Self::Other => "other",
        }
    }

    /// The flag of that identifier.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.code() == code)
    }

    /// In French.
    pub fn label(self) -> &'static str {
        match self {
            Self::ClientLoss => "perte d’un client majeur",
            Self::PaymentDelay => "retard de paiement",
            Self::ManagerLeaving => "départ du dirigeant",
            Self::Dispute => "litige",
            Self::FewerOrders => "commandes en baisse",
            Self::Layoffs => "licenciements",
            Self::UnpreparedSuccession => "succession non préparée",
            Self::Bank => "difficulté avec la banque",
            Self::Supplier => "difficulté avec un fournisseur",
            Self::Disaster => "sinistre",
            Self::Compliance => "mise en conformité",
            Self::Pollution => "pollution",
            Self::Other => "autre signal",
        }
    }

    /// Grave: what can stop payments within months. A proposal of practice, not measured: payment
    /// behaviour and the loss of outlets, of credit, of the manager or of the works come first.
    pub fn severity(self) -> Severity {
        match self {
            Self::ClientLoss
            | Self::PaymentDelay
            | Self::ManagerLeaving
            | Self::Bank
            | Self::Disaster => Severity::Grave,
            Self::Dispute
            | Self::FewerOrders
            | Self::Layoffs
            | Self::UnpreparedSuccession
            | Self::Supplier
            | Self::Compliance
            | Self::Pollution
            | Self::Other => Severity::Notable,
        }
    }
}

/// A flag raised by somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RaisedFlag {
    /// What was seen.
    pub flag: RedFlag,
    /// By whom.
    pub author: String,
    /// When.
    pub raised_on: NaiveDate,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
}

impl RaisedFlag {
    /// A flag that lasts [`FLAG_MONTHS`].
    pub fn new(flag: RedFlag, author: String, raised_on: NaiveDate) -> Self {
        let end = raised_on.checked_add_months(Months::new(FLAG_MONTHS));
        Self {
            flag,
            author,
            raised_on,
            expires_on: end.unwrap_or(NaiveDate::MAX),
        }
    }

    /// Whether it counts on that day.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.raised_on <= on && on < self.expires_on
    }
}

/// The least level that flags set together: one grave flag or two notable ones, « modéré »; two flags of
/// which one grave, « élevé ». The same flag raised by two people counts once.
pub fn floor(flags: &[RaisedFlag], on: NaiveDate) -> Option<Level> {
    let live: std::collections::BTreeSet<RedFlag> = flags
        .iter()
        .filter(|raised| raised.in_force(on))
        .map(|raised| raised.flag)
        .collect();
    let grave = live.iter().any(|flag| flag.severity() == Severity::Grave);
    match (grave, live.len()) {
        (true, 2..) => Some(Level::High),
        (true, _) | (false, 2..) => Some(Level::Moderate),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::testing::day;

    fn raised(flags: &[RedFlag]) -> Vec<RaisedFlag> {
        flags
            .iter()
            .map(|flag| RaisedFlag::new(*flag, "Claire Martin".into(), day("2025-01-15")))
            .collect()
    }

    #[test]
    fn flags_weigh_by_their_gravity_and_number() {
        use RedFlag::{Bank, ClientLoss, Dispute, FewerOrders, Pollution};
        for (flags, expected) in [
            (&[][..], None),
            (&[Dispute], None),
            (&[Dispute, Dispute], None),
            (&[Dispute, FewerOrders], Some(Level::Moderate)),
            (&[Dispute, FewerOrders, Pollution], Some(Level::Moderate)),
            (&[Bank], Some(Level::Moderate)),
            (&[Bank, Bank], Some(Level::Moderate)),
            (&[Bank, Dispute], Some(Level::High)),
            (&[Bank, ClientLoss], Some(Level::High)),
        ] {
            assert_eq!(
                floor(&raised(flags), day("2025-02-01")),
                expected,
                "{flags:?}"
            );
        }
    }

    #[test]
    fn a_flag_counts_for_six_months() {
        let flags = raised(&[RedFlag::Bank]);
        assert_eq!(floor(&flags, day("2025-01-14")), None);
        assert_eq!(floor(&flags, day("2025-07-14")), Some(Level::Moderate));
        assert_eq!(floor(&flags, day("2025-07-15")), None);
    }

    #[test]
    fn a_flag_is_found_by_its_code() {
        for flag in RedFlag::ALL {
            assert_eq!(RedFlag::from_code(flag.code()), Some(flag));
        }
        assert_eq!(RedFlag::from_code("bankruptcy"), None);
    }
}
