// Package service benchmarks the emulator as a service: how fast it starts, how many
// requests it handles, and how the size of its state affects them. The benchmarks report
// times and do not assert any.
package service
