//! The JSON as it is written. Values are read loosely: text or number.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawAccounts {
    pub siren: Value,
    pub date_depot: Value,
    pub date_cloture: Value,
    pub type_bilan: Value,
    pub confidentiality: Value,
    pub deleted: Value,
    pub bilan_saisi: Option<RawTyped>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawTyped {
    pub bilan: Option<RawForm>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawForm {
    pub identite: Option<RawIdentity>,
    pub detail: Option<RawDetail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawIdentity {
    pub siren: Value,
    pub date_cloture_exercice: Value,
    pub code_type_bilan: Value,
    pub duree_exercice_n: Value,
    #[serde(rename = "dureeExerciceNMoins1")]
    pub duree_exercice_n_moins1: Value,
    pub code_devise: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawDetail {
    pub pages: Option<Vec<RawPage>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawPage {
    pub numero: Value,
    pub liasses: Option<Vec<RawLine>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawLine {
    pub code: Value,
    pub m1: Value,
    pub m2: Value,
    pub m3: Value,
    pub m4: Value,
}

impl RawLine {
    /// The four columns in their order.
    pub fn columns(&self) -> [&Value; 4] {
        [&self.m1, &self.m2, &self.m3, &self.m4]
    }
}
