"""Traces of requests and turns, told to a collector of OpenTelemetry where a setting names one."""
