//! A small model for tests: two variables, hundred points, every kind of event.

/// The file.
pub const SMALL: &str = r#"
[model]
id = "petite"
version = "1.2.0"
valid_from = 2027-01-01
author = "Service \"économie\""
reason = "essai"
label_definition = "jugement d’ouverture"
horizon_months = 12
trained = false
metrics = { auc = 0.83 }

[levels]
moderate = 30
high = 45
critical = 60
exit_margin = 10

[completeness]
min_weight = 0.5
stale_months = 18
frozen_months = 30

[trend]
from_points = 45
delta = 15
sudden_drop = 25

[aggregates.CA]
label = "chiffre d’affaires"
C = "FL"
S = "210 + 214 + 218"

[[variable]]
id = "eq_ta"
block = "structure"
label = "capitaux propres / bilan"
C = "DL/EE"
S = "142/180"
direction = "lower_is_riskier"
cuts = [0.0, 0.1, 0.2]
points = [60, 30, 10, 0]
missing = 12
rationale = "fonds propres"
source = "pratique"

[[variable]]
id = "cl_days"
block = "liquidite"
label = "dettes courtes"
unit = "jours"
C = "365.0*EG/CA"
S = "365.0*176/CA"
direction = "higher_is_riskier"
cuts = [90, 180]
points = [0, 15, 40]
missing = 5
on_bad_denominator = "worst"
rationale = "retards"
source = "pratique"

[[event]]
id = "procedure"
label = "Procédure collective"
effect = "state"
source = "BODACC"

[[event]]
id = "privilege"
label = "Privilège"
effect = "floor"
level = "high"
ttl_days = 910
source = "greffe"

[[event]]
id = "avis"
label = "Avis"
effect = "shift"
max_levels = 1
both_ways = true
ttl_days = 183
source = "conseiller"

[calibration]
intercept = -5.0
slope = 0.05
years = "2013-2015"
"#;

/// The model.
pub fn small() -> super::Model {
    super::Model::parse(SMALL).expect("the sample is a valid model")
}
