"""Reports: one document tree, printed as web page, PDF, Word and workbook."""
