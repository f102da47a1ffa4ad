//! The one place that decides what a role may do.
//!
//! Rights come from role × territory × confidentiality. The role is decided here, at the door of
//! each route; the territory is in every query (`CurrentUser::scope`).

use crate::domain::Role;

/// Who may pass the door of a route. Every route states one: `web::routes::Routes` asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Anyone signed in.
    SignedIn,
    /// Those whose role holds the permission.
    Needs(Permission),
}

/// What a route lets people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Territories with their counts.
    ViewTerritories,
    /// Companies, establishments, contacts and key companies by name.
    ViewCompanies,
    /// The list of companies as a file.
    ExportCompanies,
    /// Contacts of a company.
    EditContacts,
    /// Organisations, what they can bring, and the people in them.
    ViewPartners,
    /// Organisations, added, changed, set aside.
    EditPartners,
    /// People of organisations; an adviser, those of their own organisation.
    EditPartnerPeople,
    /// What the council notes on an organisation.
    ViewPartnerNotes,
    /// What is known of a person, told or erased at their request.
    HandlePersonalData,
    /// Places, referents, impact facts and the weights of the criteria.
    ManageKeyCompanies,
    /// Levels of risk with their causes, people's signals, accounts and notices.
    ViewRisk,
    /// The queue of alerts: taken, given, put off, closed.
    HandleAlerts,
    /// Signals that people note on a company; each withdraws their own.
    EditSignals,
    /// A named view that moves a company's level, and the withdrawal of anybody's signal.
    OverrideRisk,
    /// Meetings with companies: noted, read where they are shared or of one's organisation.
    LogMeetings,
    /// Meetings at the highest level, the council's confidential parts, diagnoses.
    ConductMeetings,
    /// Accounts typed by hand.
    EditAccounts,
    /// Workshops: those of one's territories, or to which one's organisation is invited.
    ViewWorkshops,
    /// Workshops prepared, held, decided and told.
    RunWorkshops,
    /// Action plans: the shared actions of one's territories, and those that one's organisation carries out.
    ViewPlans,
    /// Plans opened and closed, actions added and changed, confidential ones too.
    RunPlans,
    /// Who supplies whom among companies, and who depends on whom.
    LinkSupply,
    /// What companies and organisations need and offer, as far as it is shared; introductions between them.
    MatchNeeds,
    /// Social data of companies: no role holds it, it is given by name (`CurrentUser::may`).
    ViewSocial,
    /// Figures of the method: counts, no company by name.
    ViewIndicators,
    /// Figures kept as they were, for every territory.
    ViewSnapshots,
    /// Commentary, settings and snapshots of the figures.
    ManageIndicators,
    /// Files deposited, confirmed and undone.
    ManageImports,
    /// Accounts and rights.
    ManageUsers,
    /// The audit, and the page of components.
    Administer,
}

impl Permission {
    /// Whether the role holds the permission.
    pub const fn is_granted_to(self, role: Role) -> bool {
        match self {
            Self::ViewTerritories | Self::ViewIndicators => true,
            Self::ViewSnapshots => !matches!(role, Role::Adviser),
            Self::ViewCompanies | Self::ViewPartners | Self::EditPartnerPeople => {
                !matches!(role, Role::Elected)
            }
            Self::EditContacts
            | Self::ViewRisk
            | Self::EditSignals
            | Self::LogMeetings
            | Self::ViewWorkshops
            | Self::ViewPlans
            | Self::LinkSupply
            | Self::MatchNeeds => {
                matches!(role, Role::Staff | Role::Adviser)
            }
            Self::ExportCompanies | Self::ManageImports | Self::EditPartners => {
                matches!(role, Role::Staff | Role::Admin)
            }
            Self::ManageKeyCompanies
            | Self::HandleAlerts
            | Self::RunWorkshops
            | Self::RunPlans
            | Self::OverrideRisk
            | Self::ViewPartnerNotes
            | Self::HandlePersonalData
            | Self::ConductMeetings
            | Self::ManageIndicators
            | Self::EditAccounts => matches!(role, Role::Staff),
            Self::ViewSocial => false,
            Self::ManageUsers | Self::Administer => matches!(role, Role::Admin),
        }
    }

    /// Who to ask for the right, for the page that refuses.
    pub const fn granted_by(self) -> &'static str {
        match self {
            Self::ManageKeyCompanies
            | Self::ExportCompanies
            | Self::EditContacts
            | Self::ViewRisk
            | Self::HandleAlerts
            | Self::ViewWorkshops
            | Self::RunWorkshops
            | Self::ViewPlans
            | Self::RunPlans
            | Self::MatchNeeds
            | Self::LinkSupply
            | Self::EditSignals
            | Self::OverrideRisk
            | Self::ViewPartners
            | Self::EditPartners
            | Self::EditPartnerPeople
            | Self::ViewPartnerNotes
            | Self::HandlePersonalData
            | Self::LogMeetings
            | Self::ConductMeetings
            | Self::ManageIndicators
            | Self::ViewSnapshots
            | Self::EditAccounts => "la Direction du Développement",
            _ => "l’administration de Vigie",
        }
    }
}

impl Access {
    /// Whether a signed-in person of this role passes.
    pub const fn admits(self, role: Role) -> bool {
        match self {
            Self::Public | Self::SignedIn => true,
            Self::Needs(permission) => permission.is_granted_to(role),
        }
    }
}
