using EdgeTwin.Cli;

// Verbs are in Cli/; Hosting/Gateway.cs puts the gateway together in the order in which data flows.
return await CommandLine.RunAsync(args);
