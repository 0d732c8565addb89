//! Writes, from the published file, the call of each operation by the generated function. The compiler infers the types of
//! its arguments.
use serde_json::Value;
use std::{env, fs, path::Path};

const SPEC: &str = "../../spec/dist/openapi.sdk.json";

fn main() {
    println!("cargo:rerun-if-changed={SPEC}");
    let spec: Value = serde_json::from_str(&fs::read_to_string(SPEC).unwrap()).unwrap();
    let mut calls = String::new();
    for item in spec["paths"].as_object().unwrap().values() {
        let post = &item["post"];
        let id = post["operationId"].as_str().unwrap();
        let form = post["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["$ref"].as_str().unwrap();
        let form = spec.pointer(&form[1..]).unwrap();
        let is_required = |name: &&String| form["required"].as_array().is_some_and(|list| list.iter().any(|n| n == name.as_str()));
        let (mut names, optional): (Vec<&String>, Vec<&String>) = form["properties"].as_object().unwrap().keys().partition(is_required);
        names.extend(optional);
        let arguments: String = names.iter().map(|name| format!(", argument(form, \"{name}\")?")).collect();
        let (tag, function) = (post["tags"][0].as_str().unwrap(), snake_case(id));
        calls += &format!("\"{id}\" => {{ only(form, &{names:?})?; reply({tag}_api::{function}(config{arguments}).await) }}\n");
    }
    let code = format!("match operation {{\n{calls}_ => json!({{\"error\": \"no such operation\"}}),\n}}");
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("calls.rs"), code).unwrap();
}

fn snake_case(name: &str) -> String {
    name.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() }).collect()
}
