import { holds, none } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'
import * as terraform from '#facts/terraform.ts'
import { environment as names } from '#plan/terraform.ts'

export default check({
  title: 'The video variables reach the container definition that the ECS service runs',
  why: 'Variables in the wrong file never reach the task.',
  phases: [3, 6], severity: 'major', basis: 'plan', standing: false,
  requirements: ['R-092', 'R-093', 'R-094', 'R-095', 'R-096'], hipaa: ['164.308(a)(8)'], controls: ['CM-6'],
  remedy: { say: 'Move them from the App Runner file to the container definition of the ECS task.', terraform: 'environment = [{ name = "VIDEO_RECORDINGS_BUCKET", value = aws_s3_bucket.video_recordings.bucket }]' },
  needs: { environment: keys.apiEnvironment, module: terraform.module },
  judge: ({ environment, module }) => [
    ...names.map((name) => holds(name, environment[name] !== undefined && environment[name] !== '', 'in the container definition', environment[name] === '' ? 'empty' : environment[name])),
    none('App Runner services with video variables', module.resources.filter((resource) => resource.type === 'aws_apprunner_service' && names.some((name) => JSON.stringify(resource.values).includes(name))).map((resource) => resource.address)),
  ],
  faults: {
    'tf-env-missing': ({ environment }) => { delete environment.VIDEO_KMS_KEY_ID },
    'tf-variable-unchecked': ({ environment }) => { environment.CONNECT_INSTANCE_ID = '' },
    'tf-env-app-runner': ({ module }) => {
      module.resources.push({ address: 'aws_apprunner_service.api', mode: 'managed', type: 'aws_apprunner_service', name: 'api', values: { runtime_environment_variables: { VIDEO_KMS_KEY_ID: 'x' } } })
    },
  },
})
