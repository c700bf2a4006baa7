"""YAML to Scenario: models, loading, imports and overrides, provenance, schema export, cross-checks."""
