// Package settings reads what every command can be told by flag, environment or
// settings file, and knows of each setting where its value came from. It is the
// one room with viper.
package settings
