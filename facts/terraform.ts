/** What can be known from the Terraform source and plan. The module fact feeds every tfplan observer. */
import { fact } from '#harness/fact.ts'
import type { Module } from '#domain/terraform/module.ts'

export const module = fact<Module>('terraform.module', ['tfplan'])
/** `terraform validate` where Terraform is present, else our own resolver's view: dangling references. */
export interface Validation { by: 'terraform' | 'resolver'; problems: { at: string; say: string }[]; references: number }
export const validation = fact<Validation>('terraform.validation', ['tfplan'])
