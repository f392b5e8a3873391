//! The classic format: sections in brackets, indented properties, commands that begin with `@`.

use super::{Config, FluentBitError, Properties};

/// Where the properties of a section go.
#[derive(Clone, Copy)]
enum Section {
    Service,
    Input,
    Filter,
    Output,
    Parser,
    Other,
}

/// Adds what a file says, and gives the files that it includes.
pub(super) fn read(file: &str, text: &str, config: &mut Config) -> Result<Vec<String>, FluentBitError> {
    let mut includes = Vec::new();
    let mut section: Option<(Section, Properties)> = None;
    let mut indent: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let wrong = |what| FluentBitError::Line { file: file.to_owned(), line: number + 1, what };
        let line = line.trim_end();
        let content = line.trim_start_matches([' ', '\t']);
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some(command) = line.strip_prefix('@') {
            let (word, rest) = command.split_once([' ', '\t']).ok_or_else(|| wrong("a command has no value"))?;
            match word.to_ascii_uppercase().as_str() {
                "SET" => {
                    let (name, value) = rest.split_once('=').ok_or_else(|| wrong("@SET needs NAME=value"))?;
                    config.env.add_as_written(name.trim(), value.trim());
                }
                "INCLUDE" => includes.push(rest.trim().to_owned()),
                _ => return Err(wrong("an unknown command")),
            }
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            let name = header.split_once(']').map(|(name, _)| name).filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| wrong("a section's name does not end with ]"))?;
            close(section.take(), config)?;
            section = Some((kind(name), Properties::default()));
            indent = None;
            continue;
        }
        let found = &line[..line.len() - content.len()];
        let Some((_, properties)) = section.as_mut() else { return Err(wrong("a property stands before any section")) };
        if found.is_empty() {
            return Err(wrong("a property must be indented"));
        }
        if *indent.get_or_insert(found) != found {
            return Err(wrong("properties of a section must be indented alike"));
        }
        let (key, value) = content.split_once([' ', '\t']).ok_or_else(|| wrong("a property has no value"))?;
        properties.add(key, value.trim_start());
    }
    close(section, config)?;
    Ok(includes)
}

fn kind(name: &str) -> Section {
    match name.to_ascii_lowercase().as_str() {
        "service" => Section::Service,
        "input" => Section::Input,
        "filter" => Section::Filter,
        "output" => Section::Output,
        "parser" | "multiline_parser" => Section::Parser,
        _ => Section::Other,
    }
}

fn close(section: Option<(Section, Properties)>, config: &mut Config) -> Result<(), FluentBitError> {
    let Some((kind, properties)) = section else { return Ok(()) };
    let named = |section| if properties.get("name").is_some() { Ok(()) } else { Err(FluentBitError::NoName { section }) };
    match kind {
        Section::Service => config.service.extend(properties),
        Section::Input => {
            named("INPUT")?;
            config.inputs.push(properties);
        }
        Section::Filter => {
            named("FILTER")?;
            config.filters.push(properties);
        }
        Section::Output => {
            named("OUTPUT")?;
            config.outputs.push(properties);
        }
        Section::Parser => config.parsers.push(properties),
        Section::Other => {}
    }
    Ok(())
}
