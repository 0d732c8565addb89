//! Reads calls, one from each line, and makes them through the generated client, by way of `nimroom proxy`, which signs
//! them and sets the HTTP status. ../../README.md describes the format.
use openapi::apis::{configuration::Configuration, *};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use std::{env, io};

/// The fields of a form.
type Form = Map<String, Value>;

/// A field as an argument of a function.
fn argument<'a, T: Deserialize<'a>>(form: &'a Form, name: &str) -> Result<T, String> {
    T::deserialize(form.get(name).unwrap_or(&Value::Null)).map_err(|problem| format!("{name}: {problem}"))
}

/// The error names a field that the function does not take.
fn only(form: &Form, names: &[&str]) -> Result<(), String> {
    form.keys().find(|name| !names.contains(&name.as_str())).map_or(Ok(()), |name| Err(format!("{name}: no such field")))
}

/// The reply for what a function returned.
fn reply<T: Serialize, E: Serialize>(result: Result<T, Error<E>>) -> Value {
    match result {
        Ok(success) => json!({"response": success}),
        Err(Error::ResponseError(response)) => {
            let error = json!(response.entity);
            if error["code"].is_number() {
                json!({"code": error["code"], "desc": error["desc"]})
            } else {
                json!({"status": response.status.as_u16()})
            }
        }
        Err(other) => json!({"error": other.to_string()}),
    }
}

/// Makes a call. The error says why the types of the function do not allow it.
async fn perform(config: &Configuration, operation: &str, form: &Form) -> Result<Value, String> {
    Ok(include!(concat!(env!("OUT_DIR"), "/calls.rs")))
}

/// Reads the fields. A list or an object is sent as its JSON text.
fn fields(form: &Value) -> Form {
    let field = |(name, value): (&String, &Value)| {
        let is_text = value.is_array() || value.is_object();
        (name.clone(), if is_text { value.to_string().into() } else { value.clone() })
    };
    form.as_object().into_iter().flatten().map(field).collect()
}

fn main() {
    let config = Configuration { base_path: env::var("NIM_BASE_URL").unwrap(), ..Default::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for line in io::stdin().lines() {
        let request: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let form = fields(&request["form"]);
        let call = perform(&config, request["operation"].as_str().unwrap(), &form);
        println!("{}", runtime.block_on(call).unwrap_or_else(|why| json!({"inexpressible": why})));
    }
}
