using Google.Protobuf.Reflection;

namespace Trellis.Contracts;

/// <summary>
/// What newer .proto files take away from those who call a service, or whose code is generated of them. The rules are those of Protocol Buffers ("Updating a message type"), and one more: names
/// stay, because callers' code and JSON have them.
/// </summary>
public static class RpcChanges
{
    /// <summary>Compares two sets of files.</summary>
    /// <param name="older">What callers were written for, as <c>protoc --descriptor_set_out</c> writes it.</param>
    /// <param name="newer">What they meet now.</param>
    /// <returns>One sentence for each breaking change, beginning with the full name of what has changed; none if everyone goes on working.</returns>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">One of them is no set of files.</exception>
    public static IReadOnlyList<string> Between(byte[] older, byte[] newer)
    {
        var (before, after) = (new Names(FileDescriptorSet.Parser.ParseFrom(older)), new Names(FileDescriptorSet.Parser.ParseFrom(newer)));
        return
        [
            .. before.Services.SelectMany(service => after.Services.TryGetValue(service.Key, out var now)
                ? service.Value.Method.SelectMany(method => Method(service.Key, method, now.Method.FirstOrDefault(one => one.Name == method.Name)))
                : [$"{service.Key} is gone"]),
            .. before.Messages.SelectMany(message => after.Messages.TryGetValue(message.Key, out var now)
                ? message.Value.Field.SelectMany(field => Field(message.Key, field, message.Value, now))
                : [$"{message.Key} is gone"]),
            .. before.Enums.SelectMany(one => after.Enums.TryGetValue(one.Key, out var now)
                ? one.Value.Value.SelectMany(value => Value(one.Key, value, now))
                : [$"{one.Key} is gone"]),
        ];
    }

    private static IEnumerable<string> Method(string service, MethodDescriptorProto before, MethodDescriptorProto? after)
    {
        var name = $"{service}.{before.Name}";
        if (after is null)
        {
            yield return $"{name} is gone";
            yield break;
        }

        if (before.InputType != after.InputType)
        {
            yield return $"{name} takes {after.InputType.TrimStart('.')} instead of {before.InputType.TrimStart('.')}";
        }

        if (before.OutputType != after.OutputType)
        {
            yield return $"{name} returns {after.OutputType.TrimStart('.')} instead of {before.OutputType.TrimStart('.')}";
        }

        if ((before.ClientStreaming, before.ServerStreaming) != (after.ClientStreaming, after.ServerStreaming))
        {
            yield return $"{name} streams otherwise";
        }
    }

    private static IEnumerable<string> Field(string message, FieldDescriptorProto before, DescriptorProto older, DescriptorProto newer)
    {
        var name = $"{message}.{before.Name}";
        if (newer.Field.FirstOrDefault(field => field.Number == before.Number) is not { } after)
        {
            var isReserved = newer.ReservedRange.Any(range => before.Number >= range.Start && before.Number < range.End);
            yield return isReserved ? $"{name} is gone" : $"{name} is gone, and its number {before.Number} is not reserved";
            yield break;
        }

        if (before.Name != after.Name)
        {
            yield return $"{name} is now called {after.Name}";
        }

        if ((before.Type, before.TypeName) != (after.Type, after.TypeName))
        {
            yield return $"{name} is {What(after)} instead of {What(before)}";
        }

        if ((before.Label == FieldDescriptorProto.Types.Label.Repeated) != (after.Label == FieldDescriptorProto.Types.Label.Repeated))
        {
            yield return after.Label == FieldDescriptorProto.Types.Label.Repeated ? $"{name} is repeated now" : $"{name} is not repeated any more";
        }

        if (OneOf(older, before) != OneOf(newer, after))
        {
            yield return $"{name} has moved into a oneof, or out of one";
        }
    }

    private static IEnumerable<string> Value(string type, EnumValueDescriptorProto before, EnumDescriptorProto newer)
    {
        var after = newer.Value.FirstOrDefault(value => value.Number == before.Number);
        if (after is null)
        {
            yield return $"{type}.{before.Name} is gone";
        }
        else if (after.Name != before.Name && newer.Value.All(value => value.Name != before.Name || value.Number != before.Number))
        {
            yield return $"{type}.{before.Name} is now called {after.Name}";
        }
    }

    private static string What(FieldDescriptorProto field) => field.TypeName.Length > 0 ? field.TypeName.TrimStart('.') : field.Type.ToString().ToLowerInvariant();

    private static string? OneOf(DescriptorProto message, FieldDescriptorProto field) =>
        field.HasOneofIndex && !field.Proto3Optional ? message.OneofDecl[field.OneofIndex].Name : null;

    /// <summary>Everything that has a name, by its full one.</summary>
    private sealed class Names
    {
        public Names(FileDescriptorSet files)
        {
            foreach (var file in files.File)
            {
                var package = file.Package.Length > 0 ? $"{file.Package}." : string.Empty;
                foreach (var service in file.Service)
                {
                    Services[package + service.Name] = service;
                }

                Add(package, file.MessageType, file.EnumType);
            }
        }

        public SortedDictionary<string, ServiceDescriptorProto> Services { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, DescriptorProto> Messages { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, EnumDescriptorProto> Enums { get; } = new(StringComparer.Ordinal);

        private void Add(string prefix, IEnumerable<DescriptorProto> messages, IEnumerable<EnumDescriptorProto> enums)
        {
            foreach (var one in enums)
            {
                Enums[prefix + one.Name] = one;
            }

            foreach (var message in messages)
            {
                Messages[prefix + message.Name] = message;
                Add($"{prefix}{message.Name}.", message.NestedType, message.EnumType);
            }
        }
    }
}
