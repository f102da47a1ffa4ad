//! The JSON as it is written, and its values read loosely.

use serde::Deserialize;
use serde_json::Value;

use crate::formats::rows::{Activity, Diffusion};
use crate::formats::values::{self, NOT_DISCLOSED};

/// One element of `results`. Values are read loosely: the service changes their types at times.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawUnit {
    pub siren: Value,
    pub nom_complet: Value,
    pub nom_raison_sociale: Value,
    pub sigle: Value,
    pub nature_juridique: Value,
    pub etat_administratif: Value,
    pub date_creation: Value,
    pub date_mise_a_jour_insee: Value,
    pub activite_principale: Value,
    pub activite_principale_naf25: Value,
    pub tranche_effectif_salarie: Value,
    pub annee_tranche_effectif_salarie: Value,
    pub categorie_entreprise: Value,
    pub caractere_employeur: Value,
    pub statut_diffusion: Value,
    pub siege: Option<RawPlace>,
    pub matching_etablissements: Vec<RawPlace>,
    pub complements: RawComplements,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "names of the service")]
pub(super) struct RawComplements {
    pub est_ess: Option<bool>,
    pub est_societe_mission: Option<bool>,
    pub est_entrepreneur_individuel: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawPlace {
    pub siret: Value,
    pub adresse: Value,
    pub code_postal: Value,
    pub commune: Value,
    pub libelle_commune: Value,
    pub libelle_commune_etranger: Value,
    pub libelle_pays_etranger: Value,
    pub latitude: Value,
    pub longitude: Value,
    pub date_creation: Value,
    pub date_fermeture: Value,
    pub date_debut_activite: Value,
    pub date_mise_a_jour_insee: Value,
    pub etat_administratif: Value,
    pub liste_enseignes: Option<Vec<String>>,
    pub nom_commercial: Value,
    pub activite_principale: Value,
    pub activite_principale_naf25: Value,
    pub tranche_effectif_salarie: Value,
    pub annee_tranche_effectif_salarie: Value,
    pub caractere_employeur: Value,
    pub statut_diffusion_etablissement: Value,
}

/// Text or number as text; blank, null and `[ND]` are nothing.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let hidden = text.is_empty()
        || text.as_bytes() == NOT_DISCLOSED
        || text.to_lowercase().contains("non-diffusible");
    (!hidden).then_some(text)
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text == "O" => Some(true),
        Value::String(text) if text == "N" => Some(false),
        _ => None,
    }
}

pub(super) fn diffusion(value: &Value) -> Option<Diffusion> {
    match text(value)?.as_str() {
        "O" => Some(Diffusion::Open),
        _ => Some(Diffusion::Partial),
    }
}

pub(super) fn activity(value: &Value) -> Option<Activity> {
    let code = values::naf(&text(value)?);
    Some(Activity {
        code,
        nomenclature: Some("NAFRev2".to_owned()),
    })
}

pub(super) fn is_person(raw: &RawUnit) -> Option<bool> {
    let category = text(&raw.nature_juridique).map(|c| c.starts_with('1'));
    category.or(raw.complements.est_entrepreneur_individuel)
}

/// The address without the postcode and the town that end it.
pub(super) fn street(raw: &RawPlace) -> Option<String> {
    let address = text(&raw.adresse)?;
    let end = text(&raw.code_postal).and_then(|code| address.rfind(&code));
    let street = address[..end.unwrap_or(address.len())].trim();
    (!street.is_empty()).then(|| street.to_owned())
}
