"""The Plan: frozen tables of arrays that the engines run, its text dump and its digest."""
