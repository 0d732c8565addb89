// Package service holds the benchmarks of the emulator as a service: how soon
// it is there, how much it takes, and that neither depends on how much is in
// it. They report, and assert nothing of time.
package service
