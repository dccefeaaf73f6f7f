namespace EdgeTwin.Configuration;

/// <summary>Reads inputs and outputs of the package at a full path; what is wrong with it is a result, not an
/// exception.</summary>
internal delegate ModelPorts ModelPortsReader(string packagePath);
