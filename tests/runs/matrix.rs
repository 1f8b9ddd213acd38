//! The runs that a matrix makes of a job.

use serde_json::{Map, Value};

use super::expressions::text;

/// The combinations of a matrix: all values with each other, without what `exclude` names, and with
/// what `include` adds, as GitHub describes it under `jobs.<job_id>.strategy.matrix`.
pub(crate) fn combinations(matrix: &Value) -> Vec<Map<String, Value>> {
    let Some(matrix) = matrix.as_object() else { return vec![Map::new()] };
    let axes = matrix.iter().filter(|(key, _)| !["include", "exclude"].contains(&key.as_str()));
    let mut all = vec![Map::new()];
    let mut is_bare = true;
    for (key, values) in axes {
        is_bare = false;
        let values = values.as_array().unwrap();
        let longer = |start: Map<String, Value>| {
            values.iter().map(move |it| {
                let mut longer = start.clone();
                longer.insert(key.clone(), it.clone());
                longer
            })
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    let listed = |key: &str| matrix.get(key).and_then(Value::as_array).into_iter().flatten();
    for excluded in listed("exclude").map(|it| it.as_object().unwrap()) {
        all.retain(|it| !excluded.iter().all(|(key, value)| it.get(key) == Some(value)));
    }
    let mut added = Vec::new();
    if is_bare {
        all.clear();
    }
    let original = all.clone();
    for included in listed("include").map(|it| it.as_object().unwrap()) {
        let mut fits = false;
        for (combination, original) in all.iter_mut().zip(&original) {
            // What is there from the beginning may not be changed, what was added may.
            if included.iter().all(|(key, it)| original.get(key).is_none_or(|old| old == it)) {
                combination.extend(included.clone());
                fits = true;
            }
        }
        if !fits {
            added.push(included.clone());
        }
    }
    all.extend(added);
    all
}

/// What GitHub calls one of the runs where the job has no name of its own.
pub(crate) fn called(job: &str, combination: &Map<String, Value>) -> String {
    if combination.is_empty() {
        return job.to_owned();
    }
    let values: Vec<_> = combination.values().map(text).collect();
    format!("{job} ({})", values.join(", "))
}
