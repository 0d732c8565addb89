# Reads calls, one from each line, and makes them through the generated client, by way of `nimroom proxy`, which signs them
# and sets the HTTP status. ../README.md describes the format.
require 'json'
require 'openapi_client'
require 'uri'

base = URI(ENV.fetch('NIM_BASE_URL'))
OpenapiClient.configure do |config|
  config.scheme = base.scheme
  config.host = "#{base.host}:#{base.port}"
  config.base_path = base.path
end

def snake_case(name)
  name.gsub(/([A-Z]+)([A-Z][a-z])/, '\1_\2').gsub(/([a-z\d])([A-Z])/, '\1_\2').downcase.to_sym
end

# The arguments of a method: the required fields, and the others by name. A list or an object is sent as its JSON text.
def arguments(method, form)
  fields = form.to_h { |name, value| [snake_case(name), value.is_a?(Enumerable) ? JSON.generate(value) : value] }
  required = method.parameters.select { |kind, _| kind == :req }.map { |_, name| fields.delete(name) }
  [*required, fields]
end

SCHEMAS = JSON.parse(File.read('../../spec/dist/openapi.sdk.json'))['components']['schemas']

# A method ignores what it does not know.
def refuse_unknown(operation, form)
  known = SCHEMAS.fetch("#{operation[0].upcase}#{operation[1..]}Form")['properties']
  form.each_key { |name| raise ArgumentError, "#{name}: no such field" unless known.key?(name) }
end

# The API error of an exception, or nil.
def api_error(failure)
  OpenapiClient::Error.build_from_hash(JSON.parse(failure.response_body, symbolize_names: true))
rescue JSON::ParserError, ArgumentError # the response of a gateway
  nil
end

def perform(method, operation, form)
  refuse_unknown(operation, form)
  { response: method.call(*arguments(method, form)).to_hash }
rescue ArgumentError => e # about a response, it is found out: a request was sent
  { inexpressible: e.message }
rescue OpenapiClient::ApiError => e
  error = api_error(e)
  error ? { code: error.code, desc: error.desc } : { status: e.code }
rescue StandardError => e
  { error: e.full_message }
end

apis = OpenapiClient.constants.grep(/Api\z/).map { |name| OpenapiClient.const_get(name).new }
$stdout.sync = true
$stdin.each_line do |line|
  request = JSON.parse(line)
  operation, form = request.values_at('operation', 'form')
  name = snake_case(operation)
  method = apis.find { |api| api.respond_to?(name) }.method(name)
  puts JSON.generate(perform(method, operation, form))
end
