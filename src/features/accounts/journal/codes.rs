//! Words for the codes that the audited columns hold.

/// Codes with the words of each.
pub type Codes = &'static [(&'static str, &'static str)];

pub const ROLES: Codes = &[
    ("admin", "Administration"),
    ("staff", "Direction du Développement"),
    ("adviser", "Conseil consulaire"),
    ("elected", "Élue ou élu"),
];
pub const ACCOUNT: Codes = &[
    ("invited", "invitation envoyée"),
    ("active", "actif"),
    ("suspended", "suspendu"),
];
pub const ORGANISATIONS: Codes = &[
    ("council", "Département"),
    ("state", "Service de l’État"),
    ("epci", "Communauté de communes ou d’agglomération"),
    ("public", "Autre organisme public"),
    ("cci", "Chambre de commerce et d’industrie"),
    ("cma", "Chambre des métiers et de l’artisanat"),
    ("chamber", "Autre chambre consulaire"),
    ("bank", "Banque ou fonds"),
    ("laboratory", "Laboratoire"),
    ("training", "Organisme de formation"),
    ("company", "Entreprise"),
    ("other", "Autre organisme"),
];
pub const DOSSIERS: Codes = &[
    ("land", "foncier"),
    ("accessibility", "accessibilité"),
    ("environment", "environnement"),
    ("training", "formation"),
    ("research", "R&D"),
];
pub const EPCI: Codes = &[
    ("CC", "communauté de communes"),
    ("CA", "communauté d’agglomération"),
    ("CU", "communauté urbaine"),
    ("METRO", "métropole"),
    ("MET69", "métropole de Lyon"),
];
pub const OUTCOMES: Codes = &[
    ("maintained", "maintenue"),
    ("closed", "fermée"),
    ("left", "partie du territoire"),
    ("other", "autre"),
];
pub const CRITERIA: Codes = &[
    ("jobs", "emplois"),
    ("provider", "seul fournisseur ou dernier service"),
    ("dependents", "fournisseurs et sous-traitants dépendants"),
    ("know_how", "savoir-faire et R&D"),
    ("fiscal", "poids fiscal"),
    ("environment", "enjeu environnemental"),
    ("rooted", "ancrage local"),
];
pub const IMPORTS: Codes = &[
    ("analysing", "en cours d’analyse"),
    ("ready", "prêt à confirmer"),
    ("applying", "en cours d’enregistrement"),
    ("applied", "enregistré"),
    ("undoing", "en cours d’annulation"),
    ("undone", "annulé"),
    ("discarded", "abandonné"),
    ("failed", "en échec"),
];
pub const FACTS: Codes = &[
    ("notice", "annonce légale"),
    ("accounts", "comptes annuels"),
    ("ratios", "ratios publics"),
    ("social_debt", "dette sociale"),
    ("social_contribution", "cotisations"),
    ("social_delay", "délai de paiement social"),
];
pub const ALERTS: Codes = &[
    ("new", "nouvelle"),
    ("taken", "prise en charge"),
    ("waiting", "en attente"),
    ("closed", "classée"),
    ("merged", "rattachée à une autre"),
];
pub const GRAINS: Codes = &[("month", "mois"), ("year", "année")];
pub const NAF: Codes = &[("rev2", "NAF rév. 2"), ("2025", "NAF 2025")];
pub const DAYS: Codes = &[
    ("1", "lundi"),
    ("2", "mardi"),
    ("3", "mercredi"),
    ("4", "jeudi"),
    ("5", "vendredi"),
    ("6", "samedi"),
    ("7", "dimanche"),
];
pub const AGENDA_REASONS: Codes = &[
    ("alert", "alerte ouverte"),
    ("open_decision", "décision à suivre"),
    ("not_reviewed", "pas revue depuis six mois"),
    ("chosen", "ajoutée à la main"),
];
pub const ANSWERS: Codes = &[
    ("none", "sans réponse"),
    ("yes", "vient"),
    ("no", "ne vient pas"),
    ("replaced", "se fait remplacer"),
];
pub const ENTRIES: Codes = &[
    ("shared", "partagé"),
    ("position", "position"),
    ("confidential", "réservé au Département"),
];
pub const DECISIONS: Codes = &[
    ("maintain", "rien à faire"),
    ("watch", "surveiller"),
    ("meet", "rencontrer"),
    ("act", "agir"),
    ("refer", "orienter"),
    ("release", "sortir des clés"),
    ("other", "autre"),
];
pub const DECISION_STATUSES: Codes = &[
    ("open", "en cours"),
    ("done", "faite"),
    ("dropped", "abandonnée"),
];
