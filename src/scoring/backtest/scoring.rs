//! A model applied to a panel.

use super::panel::Panel;
use crate::scoring::counting::share;
use crate::scoring::model::Model;
use crate::scoring::score::Grid;

/// Total points of each row. A variable that the panel does not have is unknown everywhere.
pub fn points(model: &Model, panel: &Panel) -> Vec<u32> {
    let unknown = vec![f64::NAN; panel.len()];
    let columns: Vec<&[f64]> = model
        .variables
        .iter()
        .map(|variable| panel.column(&variable.id).unwrap_or(&unknown))
        .collect();
    let mut totals = vec![0; panel.len()];
    Grid::new(model).totals(&columns, &mut totals);
    totals
}

/// Known share of the weight of each row, 0 to 1.
pub fn completeness(model: &Model, panel: &Panel) -> Vec<f64> {
    let mut known = vec![0_u32; panel.len()];
    for variable in &model.variables {
        let weight = u32::from(variable.weight());
        for (known, value) in known
            .iter_mut()
            .zip(panel.column(&variable.id).into_iter().flatten())
        {
            *known += if value.is_nan() { 0 } else { weight };
        }
    }
    let total = f64::from(model.total());
    known
        .into_iter()
        .map(|known| share(f64::from(known), total))
        .collect()
}

/// Variables of the model that the panel does not have.
pub fn absent(model: &Model, panel: &Panel) -> Vec<String> {
    model
        .variables
        .iter()
        .filter(|variable| panel.column(&variable.id).is_none())
        .map(|variable| variable.id.clone())
        .collect()
}
