// Package pages makes the pages of docs that show tables of the program: prose in
// templates, rows from the code. `make docs` writes them, its tests compare.
package pages
