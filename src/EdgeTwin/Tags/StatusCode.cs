using System.Collections.Frozen;
using System.Globalization;

namespace EdgeTwin.Tags;

/// <summary>
/// Quality of a value as an OPC UA StatusCode (OPC 10000-4 §7.39): the two top bits say good, uncertain or bad, the
/// sub-code why. The codes here are those that the gateway itself sets; any other passes through unchanged.
/// </summary>
/// <param name="Code">The 32 bits as on the wire.</param>
internal readonly record struct StatusCode(uint Code)
{
    public static readonly StatusCode Good = new(0x00000000);
    public static readonly StatusCode GoodClamped = new(0x00300000);
    public static readonly StatusCode Uncertain = new(0x40000000);
    public static readonly StatusCode UncertainInitialValue = new(0x40920000);
    public static readonly StatusCode UncertainLastUsableValue = new(0x40900000);
    public static readonly StatusCode UncertainNoCommunicationLastUsableValue = new(0x408F0000);
    public static readonly StatusCode UncertainSensorNotAccurate = new(0x40930000);
    public static readonly StatusCode UncertainEngineeringUnitsExceeded = new(0x40940000);
    public static readonly StatusCode UncertainSubNormal = new(0x40950000);
    public static readonly StatusCode UncertainSubstituteValue = new(0x40910000);
    public static readonly StatusCode Bad = new(0x80000000);
    public static readonly StatusCode BadUnexpectedError = new(0x80010000);
    public static readonly StatusCode BadInternalError = new(0x80020000);
    public static readonly StatusCode BadOutOfMemory = new(0x80030000);
    public static readonly StatusCode BadResourceUnavailable = new(0x80040000);
    public static readonly StatusCode BadCommunicationError = new(0x80050000);
    public static readonly StatusCode BadEncodingError = new(0x80060000);
    public static readonly StatusCode BadDecodingError = new(0x80070000);
    public static readonly StatusCode BadEncodingLimitsExceeded = new(0x80080000);
    public static readonly StatusCode BadTimeout = new(0x800A0000);
    public static readonly StatusCode BadTooManyOperations = new(0x80100000);
    public static readonly StatusCode BadNodeIdUnknown = new(0x80340000);
    public static readonly StatusCode BadNotReadable = new(0x803A0000);
    public static readonly StatusCode BadNotWritable = new(0x803B0000);
    public static readonly StatusCode BadOutOfRange = new(0x803C0000);
    public static readonly StatusCode BadNotSupported = new(0x803D0000);
    public static readonly StatusCode BadNoCommunication = new(0x80310000);
    public static readonly StatusCode BadWaitingForInitialData = new(0x80320000);
    public static readonly StatusCode BadTypeMismatch = new(0x80740000);
    public static readonly StatusCode BadInvalidArgument = new(0x80AB0000);
    public static readonly StatusCode BadConfigurationError = new(0x80890000);
    public static readonly StatusCode BadNotConnected = new(0x808A0000);
    public static readonly StatusCode BadDeviceFailure = new(0x808B0000);
    public static readonly StatusCode BadSensorFailure = new(0x808C0000);
    public static readonly StatusCode BadOutOfService = new(0x808D0000);
    public static readonly StatusCode BadNoData = new(0x809B0000);
    public static readonly StatusCode BadUserAccessDenied = new(0x801F0000);
    public static readonly StatusCode BadDataLost = new(0x809D0000);
    public static readonly StatusCode BadShutdown = new(0x800C0000);
    public static readonly StatusCode BadInvalidState = new(0x80AF0000);

    private static readonly FrozenDictionary<uint, string> Names = new Dictionary<uint, string>
    {
        [Good.Code] = nameof(Good),
        [GoodClamped.Code] = nameof(GoodClamped),
        [Uncertain.Code] = nameof(Uncertain),
        [UncertainInitialValue.Code] = nameof(UncertainInitialValue),
        [UncertainLastUsableValue.Code] = nameof(UncertainLastUsableValue),
        [UncertainNoCommunicationLastUsableValue.Code] = nameof(UncertainNoCommunicationLastUsableValue),
        [UncertainSensorNotAccurate.Code] = nameof(UncertainSensorNotAccurate),
        [UncertainEngineeringUnitsExceeded.Code] = nameof(UncertainEngineeringUnitsExceeded),
        [UncertainSubNormal.Code] = nameof(UncertainSubNormal),
        [UncertainSubstituteValue.Code] = nameof(UncertainSubstituteValue),
        [Bad.Code] = nameof(Bad),
        [BadUnexpectedError.Code] = nameof(BadUnexpectedError),
        [BadInternalError.Code] = nameof(BadInternalError),
        [BadOutOfMemory.Code] = nameof(BadOutOfMemory),
        [BadResourceUnavailable.Code] = nameof(BadResourceUnavailable),
        [BadCommunicationError.Code] = nameof(BadCommunicationError),
        [BadEncodingError.Code] = nameof(BadEncodingError),
        [BadDecodingError.Code] = nameof(BadDecodingError),
        [BadEncodingLimitsExceeded.Code] = nameof(BadEncodingLimitsExceeded),
        [BadTimeout.Code] = nameof(BadTimeout),
        [BadTooManyOperations.Code] = nameof(BadTooManyOperations),
        [BadNodeIdUnknown.Code] = nameof(BadNodeIdUnknown),
        [BadNotReadable.Code] = nameof(BadNotReadable),
        [BadNotWritable.Code] = nameof(BadNotWritable),
        [BadOutOfRange.Code] = nameof(BadOutOfRange),
        [BadNotSupported.Code] = nameof(BadNotSupported),
        [BadNoCommunication.Code] = nameof(BadNoCommunication),
        [BadWaitingForInitialData.Code] = nameof(BadWaitingForInitialData),
        [BadTypeMismatch.Code] = nameof(BadTypeMismatch),
        [BadInvalidArgument.Code] = nameof(BadInvalidArgument),
        [BadConfigurationError.Code] = nameof(BadConfigurationError),
        [BadNotConnected.Code] = nameof(BadNotConnected),
        [BadDeviceFailure.Code] = nameof(BadDeviceFailure),
        [BadSensorFailure.Code] = nameof(BadSensorFailure),
        [BadOutOfService.Code] = nameof(BadOutOfService),
        [BadNoData.Code] = nameof(BadNoData),
        [BadUserAccessDenied.Code] = nameof(BadUserAccessDenied),
        [BadDataLost.Code] = nameof(BadDataLost),
        [BadShutdown.Code] = nameof(BadShutdown),
        [BadInvalidState.Code] = nameof(BadInvalidState),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, uint> Codes =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public bool IsGood => Code >> 30 == 0;
    public bool IsUncertain => Code >> 30 == 1;
    public bool IsBad => Code >> 30 >= 2;

    /// <summary>The name of the specification, or the code in hexadecimal where the gateway does not know it.</summary>
    public override string ToString() => Names.TryGetValue(Code & 0xFFFF_0000, out var name) ? name : $"0x{Code:X8}";

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static bool TryParse(string text, out StatusCode status)
    {
        var isHex = text.StartsWith("0x", StringComparison.Ordinal);
        var found = isHex
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            : Codes.TryGetValue(text, out code);
        status = new StatusCode(code);
        return found;
    }

    /// <summary>The worse of two qualities: bad before uncertain before good; of equals the first.</summary>
    public static StatusCode Worse(StatusCode first, StatusCode second) =>
        second.Code >> 30 > first.Code >> 30 ? second : first;
}
