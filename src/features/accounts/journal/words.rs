//! The journal's dictionary: every audited table and column in French. A test compares it with the
//! triggers of the schema, so that a table added tomorrow cannot show its English name.

use super::codes::{ACCOUNT, ALERTS, CRITERIA, EPCI, FACTS, GRAINS, IMPORTS, NAF, OUTCOMES, ROLES};
use super::meetings;
use super::partners;

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As it is.
    Text,
    /// Whole number.
    Number,
    /// Yes or no.
    Flag,
    /// Day.
    Day,
    /// Instant.
    Instant,
    /// Code with words for each value.
    Code(&'static [(&'static str, &'static str)]),
    /// `users.id`, shown by name.
    User,
    /// `organisations.id`, shown by name.
    Organisation,
    /// SIREN of a territory, shown by name.
    Territory,
    /// SIREN of a company, shown by name.
    Company,
    /// SIRET of an establishment, shown in groups.
    Establishment,
    /// List of short texts.
    List,
    /// Shown as changed, never with its content: passwords, notes about people.
    Private,
    /// Not told: keys, counters and what another field already says.
    Hidden,
}

/// One column.
pub type Column = (&'static str, &'static str, Kind);

/// One audited table. In `inserted`, `updated` and `deleted`, `{}` stands for the object.
#[derive(Debug)]
pub struct Table {
    /// Name in the schema.
    pub name: &'static str,
    /// Name in the filter, plural.
    pub label: &'static str,
    /// What a creation did.
    pub inserted: &'static str,
    /// What a change did.
    pub updated: &'static str,
    /// What a removal did.
    pub deleted: &'static str,
    /// What names the object: a column of the row, or of its key.
    pub object: (&'static str, Kind),
    /// Columns in the order in which they are told.
    pub columns: &'static [Column],
}

use Kind::{
    Code, Company, Day, Establishment, Flag, Hidden, Instant, List, Number, Organisation, Private,
    Territory, Text, User,
};

/// Every audited table.
pub const TABLES: &[Table] = &[
    Table {
        name: "users",
        label: "Comptes",
        inserted: "a créé le compte de {}",
        updated: "a modifié le compte de {}",
        deleted: "a supprimé le compte de {}",
        object: ("id", User),
        columns: &[
            ("full_name", "Nom", Text),
            ("email", "Adresse électronique", Text),
            ("role", "Rôle", Code(ROLES)),
            ("organisation_id", "Organisme", Organisation),
            ("status", "État du compte", Code(ACCOUNT)),
            ("password_hash", "Mot de passe", Private),
            ("password_changed_at", "Mot de passe choisi le", Instant),
            ("last_sign_in_at", "Dernière connexion", Instant),
            ("created_at", "Compte créé le", Instant),
            ("id", "Identifiant", Hidden),
        ],
    },
    partners::ORGANISATIONS,
    partners::SKILLS,
    partners::TERRITORIES,
    partners::PEOPLE,
    Table {
        name: "user_territories",
        label: "Territoires confiés",
        inserted: "a confié un territoire à {}",
        updated: "a modifié un territoire confié à {}",
        deleted: "a retiré un territoire à {}",
        object: ("user_id", User),
        columns: &[
            ("territory_siren", "Territoire", Territory),
            ("user_id", "Personne", Hidden),
        ],
    },
    Table {
        name: "territories",
        label: "Territoires",
        inserted: "a ajouté le territoire {}",
        updated: "a modifié le territoire {}",
        deleted: "a supprimé le territoire {}",
        object: ("siren", Territory),
        columns: &[
            ("name", "Nom", Text),
            ("short_name", "Nom court", Text),
            ("kind", "Nature", Code(EPCI)),
            ("departments", "Départements", List),
            ("population_total", "Population", Number),
            ("municipalities_total", "Communes", Number),
            ("siren", "SIREN", Text),
            ("tile_column", "Colonne de la tuile", Hidden),
            ("tile_row", "Rangée de la tuile", Hidden),
        ],
    },
    Table {
        name: "territory_memberships",
        label: "Communes des territoires",
        inserted: "a rattaché une commune à {}",
        updated: "a modifié le rattachement d’une commune à {}",
        deleted: "a supprimé le rattachement d’une commune à {}",
        object: ("territory_siren", Territory),
        columns: &[
            ("insee_code", "Commune (code)", Text),
            ("period", "Période", Hidden),
            ("territory_siren", "Territoire", Territory),
        ],
    },
    Table {
        name: "companies",
        label: "Entreprises",
        inserted: "a ajouté l’entreprise {}",
        updated: "a modifié l’entreprise {}",
        deleted: "a supprimé l’entreprise {}",
        object: ("siren", Company),
        columns: &[
            ("name", "Dénomination", Text),
            ("usual_name", "Nom d’usage", Text),
            ("acronym", "Sigle", Text),
            ("siren", "SIREN", Text),
            ("active", "En activité", Flag),
            ("diffusible", "Diffusion autorisée", Flag),
            ("is_person", "Personne physique", Flag),
            ("legal_category", "Catégorie juridique (code)", Text),
            ("created_on", "Création", Day),
            ("ceased_on", "Cessation", Day),
            ("naf_code", "Activité (code NAF)", Text),
            ("naf_nomenclature", "Nomenclature", Code(NAF)),
            ("naf_2025", "Activité (NAF 2025)", Text),
            ("headcount_band", "Tranche d’effectif (code)", Text),
            ("headcount_band_year", "Année de la tranche", Text),
            ("size_category", "Catégorie d’entreprise", Text),
            ("head_office_siret", "Siège", Establishment),
            ("local_siret", "Établissement local", Establishment),
            ("is_social_economy", "Économie sociale et solidaire", Flag),
            ("is_mission_company", "Société à mission", Flag),
            ("is_employer", "Employeur", Flag),
            ("source", "Source", Text),
            ("source_date", "Date de la source", Day),
            ("import_id", "Import", Hidden),
            ("search_name", "Recherche", Hidden),
        ],
    },
    Table {
        name: "establishments",
        label: "Établissements",
        inserted: "a ajouté l’établissement {}",
        updated: "a modifié l’établissement {}",
        deleted: "a supprimé l’établissement {}",
        object: ("siret", Establishment),
        columns: &[
            ("name", "Enseigne", Text),
            ("siren", "Entreprise", Company),
            ("siret", "SIRET", Establishment),
            ("address", "Adresse", Text),
            ("postcode", "Code postal", Text),
            ("commune_label", "Commune du fichier", Text),
            ("commune_code", "Code de la commune du fichier", Text),
            ("insee_code", "Commune (code)", Text),
            ("active", "En activité", Flag),
            ("is_head_office", "Siège", Flag),
            ("diffusible", "Diffusion autorisée", Flag),
            ("created_on", "Création", Day),
            ("closed_on", "Fermeture", Day),
            ("naf_code", "Activité (code NAF)", Text),
            ("naf_nomenclature", "Nomenclature", Code(NAF)),
            ("naf_2025", "Activité (NAF 2025)", Text),
            ("headcount_band", "Tranche d’effectif (code)", Text),
            ("headcount_band_year", "Année de la tranche", Text),
            ("counted_band", "Tranche de l’effectif connu (code)", Text),
            ("counted_year", "Année de l’effectif connu", Text),
            ("source", "Source", Text),
            ("source_date", "Date de la source", Day),
            ("lambert_x", "Abscisse", Hidden),
            ("lambert_y", "Ordonnée", Hidden),
            ("import_id", "Import", Hidden),
        ],
    },
    Table {
        name: "headcounts",
        label: "Effectifs",
        inserted: "a ajouté un effectif de l’établissement {}",
        updated: "a modifié un effectif de l’établissement {}",
        deleted: "a supprimé un effectif de l’établissement {}",
        object: ("siret", Establishment),
        columns: &[
            ("headcount", "Effectif", Number),
            ("period", "Période", Day),
            ("granularity", "Pas", Code(GRAINS)),
            ("source", "Source", Text),
            ("source_date", "Date de la source", Day),
            ("siret", "Établissement", Hidden),
            ("import_id", "Import", Hidden),
        ],
    },
    Table {
        name: "facts",
        label: "Comptes et annonces",
        inserted: "a saisi des comptes de {}",
        updated: "a corrigé des comptes de {}",
        deleted: "a supprimé des comptes de {}",
        object: ("siren", Company),
        columns: &[
            ("siren", "Entreprise", Company),
            ("kind", "Nature", Code(FACTS)),
            ("happened_on", "Date du fait", Day),
            ("content", "Montants", Private),
            ("source", "Source", Text),
            ("source_date", "Date de la source", Day),
            ("author_id", "Saisi par", User),
            ("key", "Identifiant", Hidden),
            ("import_id", "Import", Hidden),
        ],
    },
    Table {
        name: "signals",
        label: "Signaux",
        inserted: "a noté un signal sur {}",
        updated: "a modifié un signal sur {}",
        deleted: "a supprimé un signal sur {}",
        object: ("siren", Company),
        columns: &[
            ("siren", "Entreprise", Company),
            ("observed_on", "Constaté le", Day),
            ("expires_on", "Valable jusqu’au", Day),
            ("withdrawn_on", "Retiré le", Day),
            // What was seen of a company in difficulty is for those who follow it.
            ("kind", "Signal", Private),
            ("motive", "Motif", Private),
            ("withdrawal_motive", "Motif du retrait", Private),
            ("author_id", "Auteur", Hidden),
            ("author_name", "Auteur", Hidden),
            ("withdrawn_by", "Retiré par", Hidden),
            ("created_at", "Noté le", Hidden),
            ("id", "Identifiant", Hidden),
        ],
    },
    Table {
        name: "risk_overrides",
        label: "Avis sur le niveau",
        inserted: "a donné un avis sur le niveau de {}",
        updated: "a retiré un avis sur le niveau de {}",
        deleted: "a supprimé un avis sur le niveau de {}",
        object: ("siren", Company),
        columns: &[
            ("siren", "Entreprise", Company),
            ("decided_on", "Décidé le", Day),
            ("expires_on", "Valable jusqu’au", Day),
            ("withdrawn_on", "Retiré le", Day),
            ("direction", "Sens", Private),
            ("motive", "Motif", Private),
            ("author_id", "Auteur", Hidden),
            ("author_name", "Auteur", Hidden),
            ("id", "Identifiant", Hidden),
        ],
    },
    Table {
        name: "assessment_feedback",
        label: "Avis sur l’utilité d’une évaluation",
        inserted: "a dit si une évaluation lui était utile",
        updated: "a changé d’avis sur l’utilité d’une évaluation",
        deleted: "a retiré son avis sur l’utilité d’une évaluation",
        object: ("assessment_id", Text),
        columns: &[
            ("is_useful", "Utile", Flag),
            ("motive", "Motif", Private),
            ("at", "Donné le", Instant),
            ("user_id", "Personne", Hidden),
            ("assessment_id", "Évaluation", Hidden),
        ],
    },
    Table {
        name: "alerts",
        label: "Alertes",
        inserted: "a ouvert une alerte sur {}",
        updated: "a traité l’alerte sur {}",
        deleted: "a supprimé l’alerte sur {}",
        object: ("siren", Company),
        columns: &[
            ("siren", "Entreprise", Company),
            ("status", "État", Code(ALERTS)),
            ("assignee_id", "Suivie par", User),
            ("taken_at", "Prise en charge le", Instant),
            ("waits_until", "En attente jusqu’au", Day),
            ("closed_at", "Classée le", Instant),
            ("closed_by_name", "Classée par", Text),
            // The level of a named company is for those who follow it.
            ("level", "Niveau", Private),
            ("is_procedure", "Procédure", Private),
            ("outcome", "Issue", Private),
            ("motive", "Motif", Private),
            ("merged_into", "Rattachée à", Hidden),
            ("opened_at", "Ouverte le", Instant),
            ("opened_by", "Évaluation", Hidden),
            ("assessment_id", "Évaluation", Hidden),
            ("id", "Identifiant", Hidden),
        ],
    },
    partners::CONTACTS,
    meetings::MEETINGS,
    meetings::MEETING_DOSSIERS,
    meetings::MEETING_PEOPLE,
    meetings::MEETING_ANSWERS,
    meetings::NEEDS_TABLE,
    meetings::STEPS,
    meetings::DIAGNOSES,
    Table {
        name: "imports",
        label: "Imports",
        inserted: "a déposé l’import {}",
        updated: "a modifié l’import {}",
        deleted: "a supprimé l’import {}",
        object: ("label", Text),
        columns: &[
            ("label", "Intitulé", Text),
            ("kind", "Nature (code)", Hidden),
            ("status", "État", Code(IMPORTS)),
            ("source", "Source", Text),
            ("source_date", "Date des données", Day),
            ("created_at", "Déposé le", Instant),
            ("created_by", "Déposé par", User),
            ("created_by_name", "Nom du déposant", Hidden),
            ("applied_at", "Enregistré le", Instant),
            ("undone_at", "Annulé le", Instant),
            ("failure", "Cause de l’échec", Text),
            ("fingerprint", "Empreinte", Hidden),
            ("files", "Fichiers", Hidden),
            ("counts", "Décompte", Hidden),
            ("id", "Identifiant", Hidden),
        ],
    },
    Table {
        name: "key_companies",
        label: "Entreprises clés",
        inserted: "a choisi {}",
        updated: "a modifié la place de {}",
        deleted: "a supprimé la place de {}",
        object: ("siren", Company),
        columns: &[
            ("siren", "Entreprise", Company),
            ("siret", "Établissement", Establishment),
            ("territory_siren", "Territoire", Territory),
            ("slot", "Place", Number),
            ("referent_id", "Référent", User),
            ("entered_on", "Entrée", Day),
            ("entry_motive", "Motif de l’entrée", Text),
            ("exited_on", "Sortie", Day),
            ("exit_outcome", "Issue", Code(OUTCOMES)),
            ("exit_motive", "Motif de la sortie", Text),
            ("is_group_site", "Autre site d’un groupe", Flag),
            ("id", "Identifiant", Hidden),
        ],
    },
    Table {
        name: "impact_weights",
        label: "Poids des critères",
        inserted: "a fixé le poids du critère « {} »",
        updated: "a changé le poids du critère « {} »",
        deleted: "a supprimé le poids du critère « {} »",
        object: ("criterion", Code(CRITERIA)),
        columns: &[
            ("criterion", "Critère", Code(CRITERIA)),
            ("weight", "Poids", Number),
        ],
    },
    Table {
        name: "impact_facts",
        label: "Faits d’impact",
        inserted: "a noté un fait d’impact sur l’établissement {}",
        updated: "a remplacé un fait d’impact sur l’établissement {}",
        deleted: "a supprimé un fait d’impact sur l’établissement {}",
        object: ("siret", Establishment),
        columns: &[
            ("criterion", "Critère", Code(CRITERIA)),
            ("worth", "Part du poids (sur 100)", Number),
            ("note", "Précision", Text),
            ("noted_on", "Constaté le", Day),
            ("author_id", "Auteur", User),
            ("superseded_at", "Remplacé le", Instant),
            ("siret", "Établissement", Establishment),
            ("id", "Identifiant", Hidden),
        ],
    },
];

/// Acts that change no row: verb, what was done; `{}` stands for the object.
pub const ACTS: &[(&str, &str)] = &[
    ("sign_in", "a ouvert une session"),
    ("sign_in_failed", "a échoué à ouvrir la session de {}"),
    ("sign_out", "a fermé sa session"),
    ("sessions_closed", "a fermé des sessions de {}"),
    ("invitation_link", "a créé un lien d’invitation pour {}"),
    (
        "reset_link",
        "a créé un lien de nouveau mot de passe pour {}",
    ),
    ("export", "a exporté {}"),
    (
        "read_confidential",
        "a lu la partie confidentielle d’une rencontre avec {}",
    ),
    ("access_refused", "s’est vu refuser l’accès à {}"),
    (
        "sign_in_throttled",
        "a dû attendre, après trop d’essais, pour ouvrir la session de {}",
    ),
];

/// Details of acts.
pub const DETAILS: &[Column] = &[
    ("ip", "Adresse IP", Text),
    ("rows", "Lignes", Number),
    ("format", "Format", Text),
    ("filters", "Filtres", Text),
];

/// The words of a table.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

impl Table {
    /// The words of a column.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.0 == name)
    }
}
