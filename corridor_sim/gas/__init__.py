"""Gas pipelines: hydraulics, compressors, linepack, the largest flow of a line, commissioning and daily operation."""
